// Writes the outputs of LiteRT (XNNPACK, WebAssembly build) for models that the shared material has no goldens of.
//
//   npm install @litertjs/core@2.5.3        (in any folder outside the repository)
//   node litert.mjs NODE_MODULES ASSETS OUT
//
// OUT/<model>/<i>_in0.bin and <i>_outK.bin are raw, little-endian, as in ASSETS/golden. Inputs come from a seeded generator, or
// from a photo; runs of one model follow each other in one session, so that state carries over.
import fs from 'fs';
import path from 'path';
import { loadLiteRt } from './litert-core.mjs';

const [modules, assets, out] = process.argv.slice(2).map(p => path.resolve(p));
const core = await loadLiteRt(modules);

/// xorshift32 bytes: the tests make the same ones.
function* random(seed) {
    let x = seed >>> 0;
    for (;;) {
        x = (x ^ (x << 13)) >>> 0;
        x = (x ^ (x >>> 17)) >>> 0;
        x = (x ^ (x << 5)) >>> 0;
        yield x >>> 24;
    }
}

function bytes(seed, count) {
    const source = random(seed);
    return Uint8Array.from({ length: count }, () => source.next().value);
}

// The middle 300×300 of the 640×480 photo, top row first, RGB.
function photo300() {
    const bmp = fs.readFileSync(path.join(assets, 'images/grace_hopper.bmp'));
    const width = bmp.readInt32LE(18), height = Math.abs(bmp.readInt32LE(22)), start = bmp.readUInt32LE(10);
    const stride = (width * 3 + 3) & ~3, topDown = bmp.readInt32LE(22) < 0;
    const rgb = new Uint8Array(300 * 300 * 3);
    const x0 = (width - 300) >> 1, y0 = (height - 300) >> 1;
    for (let y = 0; y < 300; y++) {
        const row = topDown ? y0 + y : height - 1 - y0 - y;
        for (let x = 0; x < 300; x++) {
            for (let c = 0; c < 3; c++) {
                rgb[(y * 300 + x) * 3 + c] = bmp[start + row * stride + (x0 + x) * 3 + 2 - c];
            }
        }
    }
    return rgb;
}

const Jobs = [
    { model: 'mlperf-tiny/sww_int8', runs: 20, input: i => new Int8Array(bytes(100 + i, 1200).buffer), shape: [1, 30, 1, 40] },
    { model: 'micro/hello_world_int8', runs: 16, input: i => Int8Array.of(i * 16 - 128), shape: [1, 1] },
    { model: 'micro/hello_world_float', runs: 16, input: i => Float32Array.of(i * 0.4), shape: [1, 1] },
    {
        model: 'micro/person_detect', runs: 4, shape: [1, 96, 96, 1], edit: validQuantizedDimensions,
        input: i => i < 2 ? gray(['person.bmp', 'no_person.bmp'][i]) : new Int8Array(bytes(i, 9216).buffer),
    },
    {
        // LiteRT.js can't name the shapes of the post-processing's results: the goldens are what goes into it.
        model: 'detect/coco_ssd_mobilenet_v1_1.0_quant_2018_06_29', runs: 2, shape: [1, 300, 300, 3], keepInput: false,
        edit: lastOpInputsAsOutputs, outputs: [2, 3],
        input: i => i === 0 ? photo300() : bytes(7, 270000),
    },
];

// An 8-bit gray picture, top row first. These two hold int8 already: the bytes are pixel - 128.
function gray(name) {
    const bmp = fs.readFileSync(path.join(assets, 'micro', name));
    const width = bmp.readInt32LE(18), height = bmp.readInt32LE(22), start = bmp.readUInt32LE(10);
    return Int8Array.from({ length: width * height }, (_, i) =>
        bmp[start + (height - 1 - Math.floor(i / width)) * ((width + 3) & ~3) + i % width]);
}

for (const job of Jobs) {
    const name = path.basename(job.model);
    const folder = path.join(out, name);
    fs.mkdirSync(folder, { recursive: true });
    const model = await core.loadAndCompile(
        batchOfOne((job.edit ?? (x => x))(fs.readFileSync(path.join(assets, job.model + '.tflite')))), { accelerator: 'wasm' });
    for (let i = 0; i < job.runs; i++) {
        const input = job.input(i);
        if (job.keepInput !== false) {
            fs.writeFileSync(path.join(folder, `${i}_in0.bin`), new Uint8Array(input.buffer));
        }
        const outputs = await model.run([new core.Tensor(input, job.shape)]);
        const wanted = job.outputs ?? [...outputs.keys()];
        for (let k = 0; k < wanted.length; k++) {
            const data = await outputs[wanted[k]].data();
            fs.writeFileSync(path.join(folder, `${i}_out${k}.bin`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
        }
    }
    console.log(`${name}: ${job.runs} runs`);
}

// Where field `id` of a FlatBuffers table lies, and what the offset there points at; 0 if it is left out.
function fieldAt(file, table, id) {
    const vtable = table - file.readInt32LE(table);
    const offset = 4 + 2 * id < file.readUInt16LE(vtable) ? file.readUInt16LE(vtable + 4 + 2 * id) : 0;
    return offset === 0 ? 0 : table + offset;
}

function pointee(file, at) {
    return at === 0 ? 0 : at + file.readUInt32LE(at);
}

function mainGraph(file) {
    return pointee(file, pointee(file, fieldAt(file, file.readUInt32LE(0), 2)) + 4);
}

function mainTensors(file) {
    const tensors = pointee(file, fieldAt(file, mainGraph(file), 0));
    return Array.from({ length: file.readUInt32LE(tensors) }, (_, i) => pointee(file, tensors + 4 + 4 * i));
}

// This model's biases name axis 3 of one: LiteRT refuses that, LiteRT Micro does not read it.
function validQuantizedDimensions(file) {
    for (const tensor of mainTensors(file)) {
        const shape = pointee(file, fieldAt(file, tensor, 0));
        const quantization = pointee(file, fieldAt(file, tensor, 4));
        const dimension = quantization === 0 ? 0 : fieldAt(file, quantization, 6);
        if (dimension !== 0 && file.readInt32LE(dimension) >= file.readUInt32LE(shape)) {
            file.writeInt32LE(0, dimension);
        }
    }
    return file;
}

// Makes the first two inputs of the last operator the model's outputs 0 and 1, and once more 2 and 3: of two outputs that
// are the same tensor, LiteRT fills the later one.
function lastOpInputsAsOutputs(file) {
    const u32 = at => file.readUInt32LE(at);
    const field = (table, id) => pointee(file, fieldAt(file, table, id));
    const main = mainGraph(file);
    const outputs = field(main, 2), operators = field(main, 3);
    const lastEntry = operators + 4 * u32(operators), last = lastEntry + u32(lastEntry);
    const inputs = field(last, 1);
    for (let i = 0; i < u32(outputs); i++) {
        file.writeUInt32LE(u32(inputs + 4 + 4 * (i % 2)), outputs + 4 + 4 * i);
    }
    return file;
}

// LiteRT.js refuses inputs for a batch of -1: where a tensor's shape signature says so, say 1.
function batchOfOne(file) {
    for (const tensor of mainTensors(file)) {
        const signature = pointee(file, fieldAt(file, tensor, 7));
        if (signature !== 0 && file.readInt32LE(signature + 4) === -1) {
            file.writeInt32LE(1, signature + 4);
        }
    }
    return new Uint8Array(file);
}
