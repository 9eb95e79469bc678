// Writes small .tflite files: tensors, operators, several graphs.
import path from 'path';
import { pathToFileURL } from 'url';

const Types = { f32: 0, i32: 2, u8: 3, bool: 6, i16: 7, i8: 9, resource: 13 };
const Custom = 32;

/// graphs: [{ tensors, inputs, outputs, ops }]; a tensor is { type, shape, scale?, zp?, data? }, an operator
/// { code | custom, inputs, outputs, version?, optionsType?, options?: builder => offset, customOptions?: bytes }.
export async function tfliteWriter(modules) {
    const fb = await import(pathToFileURL(path.join(modules, 'flatbuffers/mjs/flatbuffers.js')));
    return graphs => write(new fb.Builder(1024), graphs);
}

/// Options with `count` fields, filled by `fill`.
export const options = (count, fill = () => {}) => b => {
    b.startObject(count);
    fill(b);
    return b.endObject();
};

function write(b, graphs) {
    const vector = (size, values, add) => {
        b.startVector(size, values.length, size);
        [...values].reverse().forEach(v => add.call(b, v));
        return b.endVector();
    };
    const ints = values => vector(4, values, b.addInt32);
    const offsets = values => vector(4, values, b.addOffset);
    const table = (count, fields) => {
        b.startObject(count);
        fields();
        return b.endObject();
    };
    const bytes = array => {
        const all = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        b.startVector(1, all.length, 16);
        [...all].reverse().forEach(v => b.addInt8(v));
        return b.endVector();
    };
    const buffer = data => {
        const content = data ? bytes(data) : 0;
        return table(1, () => content && b.addFieldOffset(0, content, 0));
    };
    const buffers = [buffer(null)], codes = [];

    const quantization = t => {
        const scale = vector(4, [t.scale], b.addFloat32);
        const zero = vector(8, [BigInt(t.zp ?? 0)], b.addInt64);
        return table(7, () => {
            b.addFieldOffset(2, scale, 0);
            b.addFieldOffset(3, zero, 0);
        });
    };
    const tensor = (t, i) => {
        const index = t.data ? buffers.push(buffer(t.data)) - 1 : 0;
        const name = b.createString('t' + i), shape = ints(t.shape), quant = t.scale ? quantization(t) : 0;
        return table(8, () => {
            b.addFieldOffset(0, shape, 0);
            b.addFieldInt8(1, Types[t.type], 0);
            b.addFieldInt32(2, index, 0);
            b.addFieldOffset(3, name, 0);
            b.addFieldOffset(4, quant, 0);
        });
    };
    const operator = op => {
        const name = op.custom ? b.createString(op.custom) : 0, code = op.custom ? Custom : op.code;
        const index = codes.push(table(4, () => {
            b.addFieldInt8(0, Math.min(code, 127), 0);
            b.addFieldOffset(1, name, 0);
            b.addFieldInt32(2, op.version ?? 1, 1);
            b.addFieldInt32(3, code, 0);
        })) - 1;
        const own = op.options ? op.options(b) : 0;
        let custom = 0;
        if (op.customOptions) {
            custom = vector(1, [...op.customOptions], b.addInt8);
        }
        const inputs = ints(op.inputs), outputs = ints(op.outputs);
        return table(9, () => {
            b.addFieldInt32(0, index, 0);
            b.addFieldOffset(1, inputs, 0);
            b.addFieldOffset(2, outputs, 0);
            b.addFieldInt8(3, own ? op.optionsType : 0, 0);
            b.addFieldOffset(4, own, 0);
            b.addFieldOffset(5, custom, 0);
        });
    };
    const subgraphs = graphs.map(g => {
        const all = g.tensors.map(tensor), steps = g.ops.map(operator);
        const tensors = offsets(all), inputs = ints(g.inputs), outputs = ints(g.outputs), ops = offsets(steps);
        const name = b.createString('main');
        return table(5, () => [tensors, inputs, outputs, ops, name].forEach((v, i) => b.addFieldOffset(i, v, 0)));
    });
    const operatorCodes = offsets(codes), graphList = offsets(subgraphs), bufferList = offsets(buffers);
    const description = b.createString('x');
    b.finish(table(8, () => {
        b.addFieldInt32(0, 3, 0);
        [operatorCodes, graphList, description, bufferList].forEach((v, i) => b.addFieldOffset(1 + i, v, 0));
    }), 'TFL3');
    return b.asUint8Array().slice();
}
