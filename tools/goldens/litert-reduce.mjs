// Writes tests/EdgeDL.Convert.Tests/Litert/reduce-ops.zip: models of one op each (pooling, reductions, softmax, resizing,
// detection, control flow), inputs, and what LiteRT gives for them. README.md says how to run this.
//
//   node litert-reduce.mjs NODE_MODULES OUT.zip
//
// Integer ops stand between QUANTIZE and DEQUANTIZE, so that a model's inputs and outputs are floats. Every case draws its
// inputs from one generator, also those that the archive is too small to hold: `isKept` thins them out.
import fs from 'fs';
import path from 'path';
import zlib from 'zlib';
import { pathToFileURL } from 'url';
import { loadLiteRt, compile } from './litert-core.mjs';
import { tfliteWriter, options } from './tflite-model.mjs';

const [modules, out] = process.argv.slice(2).map(p => path.resolve(p));
const core = await loadLiteRt(modules), write = await tfliteWriter(modules);
const flex = await import(pathToFileURL(path.join(modules, 'flatbuffers/mjs/flexbuffers.js')));
const f = Math.fround, files = new Map();

const Arrays = { i8: Int8Array, u8: Uint8Array, i16: Int16Array, f32: Float32Array };
const Limits = { i8: [-128, 127], u8: [0, 255], i16: [-32768, 32767] };
const Zeros = { i8: -3, u8: 120, i16: 0 };
let state = 7;

function random() {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
}

// −2 to 2, or any integer of the type.
function fill(type, count) {
    const [low, high] = Limits[type] ?? [];
    return Arrays[type].from(
        { length: count }, () => type === 'f32' ? random() * 4 - 2 : Math.floor(random() * (high - low + 1)) + low);
}

function keep(name, what, data) {
    files.set(`${name}/${what}`, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

// xs and ys are tensors; an x with data is a constant, the others are filled with `data`.
async function put(name, xs, ys, op, data) {
    if (!isKept(name)) {
        return;
    }
    const tensors = [], inputs = [], outputs = [], ops = [], from = [], to = [];
    const add = t => tensors.push(t) - 1;
    for (const x of xs) {
        if (x.data || !x.scale) {
            from.push(add(x));
            x.data || inputs.push(from.at(-1));
        } else {
            inputs.push(add({ type: 'f32', shape: x.shape }));
            from.push(add(x));
            ops.push({ code: 114, inputs: [inputs.at(-1)], outputs: [from.at(-1)], version: x.type === 'i16' ? 2 : 1 });
        }
    }
    ys.forEach(y => to.push(add(y)));
    ops.push({ ...op, inputs: from, outputs: to });
    ys.forEach((y, i) => {
        outputs.push(y.scale ? add({ type: 'f32', shape: y.shape }) : to[i]);
        if (y.scale) {
            ops.push({ code: 6, version: y.type === 'i16' ? 3 : 2, inputs: [to[i]], outputs: [outputs.at(-1)] });
        }
    });
    const model = write([{ tensors, inputs, outputs, ops }]);
    const free = xs.filter(x => !x.data);
    const feed = data.map((values, i) => free[i].scale
        ? Float32Array.from(values, q => (q - (free[i].zp ?? 0)) * free[i].scale)
        : values);
    keep(name, 'model.tflite', model);
    feed.forEach((values, i) => keep(name, `in${i}.bin`, values));
    (await (await compile(core, model))(feed)).forEach((values, i) => keep(name, `out${i}.bin`, values));
}

function isKept(name) {
    const [kind, , ...rest] = name.split('_'), last = rest.at(-1);
    switch (kind) {
        case 'softmax': case 'logsoftmax': return rest.length === 0 || last === '2' || last === '33';
        case 'avgpool': case 'maxpool': case 'l2pool': return last === '3';
        case 'bilinear': return rest[0] === '9x7' || name.endsWith('_4x3_00');
        case 'nearest': return rest[0] === '4x3';
        case 'l2norm': return last !== '1';
        case 'max': case 'min': return last === '12';
        case 'ssd': return !name.endsWith('fast_1');
        default: return true;
    }
}

const isShort = t => t === 'i16';
const quantized = (t, scale) => t === 'f32' ? {} : { scale: f(isShort(t) ? 0.0005 : scale), zp: Zeros[t] };
const softmax = { code: 25, optionsType: 9, options: options(1, b => b.addFieldFloat32(0, 1, 0)) };
const logSoftmax = { code: 50, optionsType: 36, options: options(0) };
for (const t of ['i8', 'u8', 'i16']) {
    for (const n of [1, 2, 10, 33]) {
        const shape = [40, n], data = [fill(t, 40 * n)];
        const x = [{ type: t, shape, scale: isShort(t) ? f(1 / 4096) : f(n === 10 ? 0.0513 : 0.11), zp: Zeros[t] }];
        const y = { type: t, shape, scale: isShort(t) ? 1 / 32768 : 1 / 256, zp: t === 'i8' ? -128 : 0 };
        const wide = { type: 'i16', shape, scale: 1 / 32768, zp: 0 };
        await put(`softmax_${t}_${n}`, x, [y], { ...softmax, version: isShort(t) ? 3 : 2 }, data);
        if (t === 'i8') {
            await put(`softmax_i8i16_${n}`, x, [wide], { ...softmax, version: 3 }, data);
        }
        if (!isShort(t)) {
            const log = { type: t, shape, scale: 16 / 256, zp: t === 'i8' ? 127 : 255 };
            await put(`logsoftmax_${t}_${n}`, x, [log], { ...logSoftmax, version: 2 }, data);
        }
    }
}
const floats = (...shape) => [{ type: 'f32', shape }];
await put('softmax_f32', floats(50, 37), floats(50, 37), softmax, [fill('f32', 50 * 37)]);
await put('logsoftmax_f32', floats(50, 37), floats(50, 37), logSoftmax, [fill('f32', 50 * 37)]);

for (const t of ['i8', 'u8', 'i16', 'f32']) {
    for (const [kind, code] of t === 'f32' ? [['avg', 1], ['max', 17], ['l2', 12]] : [['avg', 1], ['max', 17]]) {
        for (const [padding, kernel, stride] of [[0, 3, 2], [1, 2, 2], [0, 2, 1], [0, 5, 3]]) {
            for (const activation of [0, 3]) {
                const of = extent => padding ? Math.floor((extent - kernel) / stride) + 1 : Math.ceil(extent / stride);
                await put(
                    `${kind}pool_${t}_${padding}_${kernel}_${stride}_${activation}`,
                    [{ type: t, shape: [2, 7, 8, 19], ...quantized(t, 0.07) }],
                    [{ type: t, shape: [2, of(7), of(8), 19], ...quantized(t, 0.07) }],
                    {
                        code, version: kind === 'l2' ? 1 : isShort(t) ? 3 : 2, optionsType: 5,
                        options: options(6, b => {
                            b.addFieldInt8(0, padding, 0);
                            [stride, stride, kernel, kernel].forEach((v, i) => b.addFieldInt32(1 + i, v, 0));
                            b.addFieldInt8(5, activation, 0);
                        }),
                    },
                    [fill(t, 2 * 7 * 8 * 19)]);
            }
        }
    }
}

for (const t of ['i8', 'u8', 'i16', 'f32']) {
    for (const [height, width] of [[8, 10], [4, 3], [1, 1], [9, 7]]) {
        for (const [corners, centers] of [[0, 0], [1, 0], [0, 1]]) {
            const data = [fill(t, 4 * 5 * 9)], version = isShort(t) ? 4 : 3;
            const x = { type: t, shape: [1, 4, 5, 9], ...quantized(t, 0.07) };
            const y = { type: t, shape: [1, height, width, 9], ...quantized(t, 0.07) };
            const size = { type: 'i32', shape: [2], data: Int32Array.of(height, width) };
            const flags = first => b => {
                b.addFieldInt8(first, corners, 0);
                b.addFieldInt8(first + 1, centers, 0);
            };
            const name = `${t}_${height}x${width}_${corners}${centers}`;
            await put(`bilinear_${name}`, [x, size], [y], { code: 23, version, optionsType: 15, options: options(4, flags(2)) }, data);
            await put(`nearest_${name}`, [x, size], [y], { code: 97, version, optionsType: 74, options: options(2, flags(0)) }, data);
        }
    }
}

for (const t of ['i8', 'u8', 'f32']) {
    for (const n of [1, 3, 65]) {
        const unit = t === 'f32' ? {} : { scale: 1 / 128, zp: t === 'i8' ? 0 : 128 };
        await put(
            `l2norm_${t}_${n}`, [{ type: t, shape: [24, n], ...quantized(t, 0.07) }], [{ type: t, shape: [24, n], ...unit }],
            { code: 11, version: 2, optionsType: 12, options: options(1) }, [fill(t, 24 * n)]);
    }
}

for (const t of ['i8', 'u8', 'i16']) {
    for (const [kind, code, scale] of [
        ['mean', 40, 0.0371], ['mean2', 40, 0.0211], ['sum', 74, 0.31], ['max', 82, 0.0371], ['min', 89, 0.0371], ['prod', 81, 0.9]]) {
        for (const axes of [[1], [1, 2], [3]]) {
            if (kind === 'prod' && t === 'u8') {
                continue; // LiteRT has no such kernel.
            }
            const shape = [1, 4, 6, 40], isOrder = kind === 'max' || kind === 'min', isMean = kind.startsWith('mean');
            await put(
                `${kind}_${t}_${axes.join('')}`,
                [
                    { type: t, shape, scale: f(0.0371), zp: Zeros[t] },
                    { type: 'i32', shape: [axes.length], data: Int32Array.from(axes) },
                ],
                [{
                    type: t, shape: shape.filter((_, i) => !axes.includes(i)), scale: f(isOrder ? 0.0371 : scale),
                    zp: isOrder ? Zeros[t] : t === 'i8' ? 7 : t === 'u8' ? 131 : 0,
                }],
                {
                    code, version: isShort(t) && (isMean || isOrder) ? 3 : 2, optionsType: 27,
                    options: options(1, b => b.addFieldInt8(0, 0, 0)),
                },
                [fill(t, 960)]);
        }
    }
}

for (const radius of [1, 5]) {
    const own = options(4, b => {
        b.addFieldInt32(0, radius, 0);
        [1, 0.1, 0.5].forEach((v, i) => b.addFieldFloat32(1 + i, v, 0));
    });
    await put(
        `lrn_${radius}`, floats(1, 5, 5, 17), floats(1, 5, 5, 17), { code: 13, optionsType: 13, options: own }, [fill('f32', 425)]);
}
for (const [exclusive, reverse] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
    const own = options(2, b => {
        b.addFieldInt8(0, exclusive, 0);
        b.addFieldInt8(1, reverse, 0);
    });
    await put(
        `cumsum_${exclusive}${reverse}`, [...floats(3, 7, 4), { type: 'i32', shape: [1], data: Int32Array.of(1) }],
        floats(3, 7, 4), { code: 128, optionsType: 102, options: own }, [fill('f32', 84)]);
}

// Boxes as corners, some of them upside down.
for (const [kind, code, sigma] of [['nms4', 120, 0], ['nms5', 121, 0], ['nms5soft', 121, 0.5]]) {
    const n = 60, boxes = new Float32Array(4 * n), number = (type, v) => ({ type, shape: [], data: v });
    for (let i = 0; i < n; i++) {
        const [y, x, h, w] = [random(), random(), 0.1 + random() * 0.3, 0.1 + random() * 0.3];
        boxes.set(random() < 0.3 ? [y + h, x + w, y, x] : [y, x, y + h, x + w], 4 * i);
    }
    const scores = Float32Array.from({ length: n }, () => random());
    const soft = code === 121;
    await put(
        `f32_${kind}`,
        [
            ...floats(n, 4), ...floats(n), number('i32', Int32Array.of(25)), number('f32', Float32Array.of(0.4)),
            number('f32', Float32Array.of(0.2)), ...(soft ? [number('f32', Float32Array.of(sigma))] : []),
        ],
        [{ type: 'i32', shape: [25] }, ...(soft ? floats(25) : []), { type: 'i32', shape: [] }],
        { code, version: 1, optionsType: soft ? 90 : 89, options: options(0) }, [boxes, scores]);
}

state = 7;
for (const [regular, each, most, classes, background, n, t] of [
    [false, 1, 10, 6, 1, 60, 'f32'], [false, 3, 10, 6, 1, 60, 'f32'], [true, 1, 10, 6, 1, 60, 'f32'],
    [false, 1, 20, 3, 0, 70, 'u8'], [false, 2, 20, 3, 0, 70, 'u8'], [true, 1, 20, 8, 1, 70, 'u8']]) {
    const customOptions = flex.encode({
        max_detections: most, max_classes_per_detection: each, detections_per_class: 7, use_regular_nms: regular,
        nms_score_threshold: 0.15, nms_iou_threshold: 0.45, num_classes: classes,
        y_scale: 10.0, x_scale: 10.0, h_scale: 5.0, w_scale: 5.0,
    });
    const isByte = t === 'u8', unit = { scale: f(1 / 255), zp: 0 }, columns = classes + background;
    const anchors = new Float32Array(n * 4);
    for (let i = 0; i < n; i++) {
        anchors.set([random(), random(), 0.1 + random() * 0.3, 0.1 + random() * 0.3], 4 * i);
    }
    const boxes = fill(t, n * 4);
    const scores = isByte ? fill('u8', n * columns) : Float32Array.from({ length: n * columns }, () => random());
    await put(
        `ssd_${t}_${regular ? 'reg' : 'fast'}_${each}`,
        [
            { type: t, shape: [1, n, 4], ...(isByte ? { scale: f(0.05), zp: 128 } : {}) },
            { type: t, shape: [1, n, columns], ...(isByte ? unit : {}) },
            isByte
                ? { type: 'u8', shape: [n, 4], ...unit, data: Uint8Array.from(anchors, v => Math.round(v * 255)) }
                : { type: 'f32', shape: [n, 4], data: anchors },
        ],
        [...floats(1, most * each, 4), ...floats(1, most * each), ...floats(1, most * each), ...floats(1)],
        { custom: 'TFLite_Detection_PostProcess', customOptions }, [boxes, scores]);
}

const tensor = (type, shape, data) => ({ type, shape, data });
const four = tensor('f32', [4]), one = tensor('f32', [1]), first = tensor('i32', [1], Int32Array.of(0));
const F = (...values) => Float32Array.from(values);
const two = (a, c) => options(2, b => {
    b.addFieldInt32(0, a, -1);
    b.addFieldInt32(1, c, -1);
});
const reduce = (code, inputs, outputs) =>
    ({ code, inputs, outputs, optionsType: 27, options: options(1, b => b.addFieldInt8(0, 1, 0)) });
const less = (inputs, outputs) => ({ code: 58, inputs, outputs, optionsType: 44, options: options(0) });
const times = {
    tensors: [four, tensor('f32', [1], F(1.7)), four], inputs: [0], outputs: [2],
    ops: [{ code: 18, inputs: [0, 1], outputs: [2], optionsType: 21, options: options(1) }],
};
const handle = outputs => ({
    code: 142, inputs: [], outputs, optionsType: 111,
    options: b => {
        const container = b.createString('c'), name = b.createString('v');
        return options(2, t => {
            t.addFieldOffset(0, container, 0);
            t.addFieldOffset(1, name, 0);
        })(b);
    },
});
const assign = inputs => ({ code: 144, inputs, outputs: [], optionsType: 113, options: options(0) });
const flows = {
    // While the largest is below 100: times 1.7.
    while: {
        runs: [F(1, 2, 3, 4), F(1, -2, 3, 50), F(1000, 0, 0, 0)],
        graphs: [
            {
                tensors: [four, four], inputs: [0], outputs: [1],
                ops: [{ code: 119, inputs: [0], outputs: [1], optionsType: 93, options: two(1, 2) }],
            },
            {
                tensors: [four, first, one, tensor('f32', [1], F(100)), tensor('bool', [1])], inputs: [0], outputs: [4],
                ops: [reduce(82, [0, 1], [2]), less([2, 3], [4])],
            },
            times,
        ],
    },
    // If the sum is below 0: negated, else times 1.7.
    if: {
        runs: [F(1, 2, 3, 4), F(1, -200, 3, 50)],
        graphs: [
            {
                tensors: [four, first, one, tensor('f32', [1], F(0)), tensor('bool', [1]), four], inputs: [0], outputs: [5],
                ops: [
                    reduce(74, [0, 1], [2]), less([2, 3], [4]),
                    { code: 118, inputs: [4, 0], outputs: [5], optionsType: 92, options: two(1, 2) },
                ],
            },
            { tensors: [four, four], inputs: [0], outputs: [1], ops: [{ code: 59, inputs: [0], outputs: [1] }] },
            times,
        ],
    },
    // A variable that starts at 10, 20, 30, 40 and sums up the inputs.
    vars: {
        runs: [F(1, 2, 3, 4), F(1, -200, 3, 50), F(5, 5, 5, 5)],
        graphs: [
            {
                tensors: [four, tensor('resource', []), four, four], inputs: [0], outputs: [3],
                ops: [
                    { code: 129, inputs: [], outputs: [], optionsType: 103, options: options(1, b => b.addFieldInt32(0, 1, 0)) },
                    handle([1]),
                    { code: 143, inputs: [1], outputs: [2], optionsType: 112, options: options(0) },
                    { code: 0, inputs: [0, 2], outputs: [3], optionsType: 11, options: options(1) },
                    assign([1, 3]),
                ],
            },
            {
                tensors: [tensor('resource', []), tensor('f32', [4], F(10, 20, 30, 40))], inputs: [], outputs: [],
                ops: [handle([0]), assign([0, 1])],
            },
        ],
    },
};
for (const [name, { runs, graphs }] of Object.entries(flows)) {
    const model = write(graphs), run = await compile(core, model);
    keep(`flow_${name}`, 'model.tflite', model);
    for (let i = 0; i < runs.length; i++) {
        keep(`flow_${name}`, `in0.run${i}.bin`, runs[i]);
        keep(`flow_${name}`, `out0.run${i}.bin`, (await run([runs[i]]))[0]);
    }
}

fs.writeFileSync(out, zip([...files].sort(([a], [b]) => a < b ? -1 : 1)));
console.log(`${new Set([...files.keys()].map(k => k.split('/')[0])).size} cases, ${files.size} files`);

// Deflated entries with the date 2026-01-01, so that the same content gives the same archive.
function zip(entries) {
    const Date = ((2026 - 1980) << 9) | (1 << 5) | 1, parts = [], directory = [];
    let offset = 0;
    for (const [name, data] of entries) {
        const packed = zlib.deflateRawSync(data, { level: 9 }), title = Buffer.from(name);
        const head = Buffer.alloc(26);
        [20, 0, 8, 0, Date].forEach((v, i) => head.writeUInt16LE(v, 2 * i));
        [zlib.crc32(data), packed.length, data.length].forEach((v, i) => head.writeUInt32LE(v, 10 + 4 * i));
        head.writeUInt16LE(title.length, 22);
        const rest = Buffer.alloc(14);
        rest.writeUInt32LE(offset, 10);
        parts.push(Buffer.from('PK\x03\x04'), head, title, packed);
        directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), head, rest, title);
        offset += 4 + head.length + title.length + packed.length;
    }
    const size = directory.reduce((sum, b) => sum + b.length, 0), end = Buffer.alloc(18);
    [entries.length, entries.length].forEach((v, i) => end.writeUInt16LE(v, 4 + 2 * i));
    end.writeUInt32LE(size, 8);
    end.writeUInt32LE(offset, 12);
    return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]);
}
