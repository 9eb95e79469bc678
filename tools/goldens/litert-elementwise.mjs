// Writes tests/EdgeDL.Tests/Ops/Elementwise/LiteRtTables.cs: checksums of what LiteRT gives for quantized elementwise ops,
// over every 8-bit input, every pair of 8-bit inputs, or every 16-bit input. README.md says how to run this.
//
//   node litert-elementwise.mjs NODE_MODULES OUT.cs
//
// Of an op's versions the first that LiteRT takes counts; what it takes in none has no row.
import fs from 'fs';
import path from 'path';
import { loadLiteRt, compile } from './litert-core.mjs';
import { tfliteWriter, options } from './tflite-model.mjs';

const [modules, out] = process.argv.slice(2).map(p => path.resolve(p));
const core = await loadLiteRt(modules), write = await tfliteWriter(modules);
const f = Math.fround, All = 65536;
const Names = { i8: 'Int8', u8: 'UInt8', i16: 'Int16', i32: 'Int32' };

const every = (make, count = All) => make.from({ length: count }, (_, i) => i);
const Each8 = { i8: every(Int8Array, 256).map(i => i - 128), u8: every(Uint8Array, 256) };
const Pairs = {
    i8: [Int8Array.from({ length: All }, (_, i) => (i >> 8) - 128), Int8Array.from({ length: All }, (_, i) => (i & 255) - 128)],
    u8: [Uint8Array.from({ length: All }, (_, i) => i >> 8), Uint8Array.from({ length: All }, (_, i) => i & 255)],
    i16: [7919, 104729].map(prime => Int16Array.from({ length: All }, (_, i) => ((i * prime) & 65535) - 32768)),
};
const Each16 = Int16Array.from({ length: All }, (_, i) => i - 32768);
const Positive16 = Int16Array.from({ length: 32767 }, (_, i) => i + 1);

const activation = (optionsType, value) => ({ optionsType, options: options(2, b => b.addFieldInt8(0, value, 0)) });
const number = (optionsType, value) => ({ optionsType, options: options(1, b => b.addFieldFloat32(0, value, 0)) });
const flag = (optionsType, value) => ({ optionsType, options: options(1, b => b.addFieldInt8(0, value, 0)) });

// FNV-1a over the low two bytes of each value.
function checksum(values) {
    let hash = 0x811c9dc5;
    for (const v of values) {
        hash = Math.imul(hash ^ (v & 255), 0x01000193);
        hash = Math.imul(hash ^ ((v >> 8) & 255), 0x01000193);
    }
    return hash >>> 0;
}

/// The checksum of op(xs), or undefined if LiteRT takes no version of it.
async function result(op, versions, xs, y) {
    const tensors = [...xs, y].map(({ data, ...t }) => ({ ...t, shape: [xs[0].data.length] }));
    const inputs = xs.map((_, i) => i);
    for (const version of versions) {
        try {
            const ops = [{ ...op, version, inputs, outputs: [xs.length] }];
            const run = await compile(core, write([{ tensors, inputs, outputs: [xs.length], ops }]));
            return checksum((await run(xs.map(x => x.data)))[0]);
        } catch {
            // Another version, or no row.
        }
    }
    return undefined;
}

const quantized = (type, scale, zp, data) => ({ type, scale: f(scale), zp, data });
const real = value => {
    for (let digits = 1; ; digits++) {
        if (f(Number(value.toPrecision(digits))) === f(value)) {
            return `${Number(value.toPrecision(digits))}f`.replace(/e-(\d)f/, 'e-0$1f');
        }
    }
};
const cells = t => `${real(t.scale)}, ${t.zp}`;
const row = (...parts) => `        [${parts.join(', ')}],`;
const rows = { Bytes: [], Shorts: [], Binary: [], Conversions: [] };

const Unary = [
    ['Logistic', 14], ['Tanh', 28], ['Elu', 111], ['Exp', 47], ['Log', 73], ['Abs', 101], ['Neg', 59], ['HardSwish', 117],
    ['Gelu', 150], ['Relu', 19], ['Relu6', 21], ['ReluN1To1', 20], ['Relu0To1', 152], ['LeakyRelu', 98, number(75, 0.3)],
    ['Sqrt', 75], ['Rsqrt', 76], ['GeluTanh', 150, flag(116, 1)],
];
const Quantizations = [
    [0.05, 3, 0.01, -5], [0.1, -128, 0.02, -128], [0.0235, 17, 0.0078125, 0], [0.07, -20, 0.05, 11], [0.04, 0, 0.04, 0],
    [0.3, 5, 0.0007, -90],
];
// LiteRT has no kernel for these, takes the model all the same, and returns what lay in its memory (0, 204, 76, 61, … for |x|).
const NoBytes = ['Elu', 'Exp', 'Log', 'Abs', 'Neg', 'Sqrt', 'Rsqrt'];
const isSkipped = (name, type, ratio) => (type === 'u8' && NoBytes.includes(name)) || (name === 'HardSwish' && ratio > 256);
for (const [name, code, own] of Unary) {
    for (const type of ['i8', 'u8']) {
        for (const [scaleX, zeroX, scale, zero] of Quantizations) {
            if ((name === 'Sqrt' || name === 'Rsqrt') && zeroX !== -128) {
                continue; // LiteRT refuses to run roots of what is negative.
            }
            if (isSkipped(name, type, scaleX / scale)) {
                continue;
            }
            const shift = type === 'u8' ? 128 : 0;
            const [scaleY, zeroY] = name === 'Logistic' ? [1 / 256, -128] : name === 'Tanh' ? [1 / 128, 0] : [scale, zero];
            const x = quantized(type, scaleX, zeroX + shift, Each8[type]), y = quantized(type, scaleY, zeroY + shift);
            const sum = await result({ code, ...own }, [2, 1, 3], [x], y);
            sum !== undefined && rows.Bytes.push(row(`"${name}"`, `DType.${Names[type]}`, cells(x), cells(y), `${sum}u`));
        }
    }
}

for (const [name, scaleX, scaleY] of [
    ['Logistic', 0.0001, 2 ** -15], ['Logistic', 2 ** -13, 2 ** -15], ['Logistic', 2 ** -12, 2 ** -15],
    ['Logistic', 2 ** -11, 2 ** -15], ['Tanh', 0.0001, 2 ** -15], ['Tanh', 0.001, 2 ** -15], ['Tanh', 2 ** -14, 2 ** -15],
    ['Tanh', 2 ** -13, 2 ** -15], ['Tanh', 2 ** -12, 2 ** -15], ['Tanh', 2 ** -11, 2 ** -15], ['Exp', 0.0001, 0.001],
    ['Log', 0.0001, 0.001], ['Gelu', 0.0001, 0.0001], ['Relu', 0.0001, 0.0002], ['Relu6', 0.0005, 0.0002],
    ['LeakyRelu', 0.0001, 0.0002], ['Abs', 0.0001, 0.0002], ['SqrtOfPositive', 0.0001, 0.0002],
    ['RsqrtOfPositive', 0.0001, 0.0002], ['RsqrtOfPositive', 0.01, 0.001]]) {
    const [, code, own] = Unary.find(([n]) => n === name.replace('OfPositive', ''));
    const x = quantized('i16', scaleX, 0, name.endsWith('OfPositive') ? Positive16 : Each16), y = quantized('i16', scaleY, 0);
    const sum = await result({ code, ...own }, [3, 2, 1], [x], y);
    sum !== undefined && rows.Shorts.push(row(`"${name}"`, 'DType.Int16', cells(x), cells(y), `${sum}u`));
}

const Two = {
    Add: { code: 0, ...activation(11, 0) }, Sub: { code: 41, ...activation(28, 0) }, Mul: { code: 18, ...activation(21, 0) },
    SquaredDifference: { code: 99 }, PRelu: { code: 54 }, Less: { code: 58 }, Equal: { code: 71 },
    AddRelu: { code: 0, ...activation(11, 1) }, AddRelu6: { code: 0, ...activation(11, 3) },
    MulRelu6: { code: 18, ...activation(21, 3) },
};
async function binary(name, type, versions, a, b, y) {
    const [x, z] = [a, b].map(([scale, zero], i) => quantized(type, scale, zero, Pairs[type][i]));
    const to = quantized(type, ...y), isTruth = name === 'Less' || name === 'Equal';
    const sum = await result(Two[name], versions, [x, z], isTruth ? { type: 'bool' } : to);
    sum !== undefined
        && rows.Binary.push(row(`"${name}"`, `DType.${Names[type]}`, cells(x), cells(z), cells(to), `${sum}u`));
}
for (const [a, b, y] of [[[0.05, 3], [0.02, -7], [0.04, 5]], [[0.1, -128], [0.03, 127], [0.5, -128]]]) {
    for (const name of Object.keys(Two)) {
        await binary(name, 'i8', name === 'PRelu' ? [1] : [2], a, b, y);
    }
    const shifted = [a, b, y].map(([scale, zero]) => [scale, zero + 128]);
    for (const name of ['Add', 'Mul', 'PRelu']) {
        await binary(name, 'u8', [1], ...shifted);
    }
}
// Ratios that XNNPACK does not take.
await binary('Add', 'i8', [2], [3, 1], [0.001, 2], [0.01, 3]);
await binary('Mul', 'i8', [2], [2, 1], [2, 2], [0.01, 3]);
for (const [a, b, y] of [[0.0001, 0.0003, 0.0004], [0.0005, 0.0001, 0.0002]]) {
    await binary('Add', 'i16', [2], [a, 0], [b, 0], [y, 0]);
    await binary('Sub', 'i16', [5], [a, 0], [b, 0], [y, 0]);
    await binary('Mul', 'i16', [4], [a, 0], [b, 0], [y / 4, 0]);
}

for (const [scaleX, zeroX, scaleY, zeroY] of [[0.05, 3, 0.04, 5], [0.05, 3, 0.05, -7], [0.001, 0, 1, 0]]) {
    const from = {
        i8: quantized('i8', scaleX, zeroX, Pairs.i8[0]), u8: quantized('u8', scaleX, zeroX + 128, Pairs.u8[0]),
        i16: quantized('i16', scaleX / 100, 0, Each16),
    };
    const to = {
        i8: quantized('i8', scaleY, zeroY), u8: quantized('u8', scaleY, zeroY + 128), i16: quantized('i16', scaleY / 100, 0),
        i32: quantized('i32', scaleY / 1000, 0),
    };
    for (const pair of ['i8 i8', 'u8 i8', 'i8 u8', 'i16 i8', 'i8 i16', 'i16 i16', 'i16 i32']) {
        const [x, y] = pair.split(' ');
        const sum = await result({ code: 114 }, [pair.includes('i16') ? 2 : 1], [from[x]], to[y]);
        rows.Conversions.push(
            row(`DType.${Names[x]}`, `DType.${Names[y]}`, cells(from[x]), cells(to[y]), `${sum}u`));
    }
}

const Floats = Float32Array.from({ length: All }, (_, i) => f((i - 32768) / f(997)));
rows.Floats = [];
for (const [type, scale, zero] of [['i8', 0.23, 5], ['u8', 0.25, 130], ['i16', 0.001, 0]]) {
    const y = quantized(type, scale, zero);
    const sum = await result({ code: 114 }, [2, 1], [{ type: 'f32', data: Floats }], y);
    rows.Floats.push(row(`DType.${Names[type]}`, cells(y), `${sum}u`));
}

const table = (declaration, list) => `    ${declaration} =\n    [\n${list.join('\n')}\n    ];\n`;
fs.writeFileSync(out, `using EdgeDL.Tensors;

namespace EdgeDL.Tests.Ops.Elementwise;

/// <summary>
/// Checksums of what LiteRT 2.5.3 (with XNNPACK) gives for every 8-bit input, every pair of 8-bit
/// inputs, or every 16-bit input: FNV-1a over two little-endian bytes an output. Written by
/// tools/goldens/litert-elementwise.mjs.
/// </summary>
static class LiteRtTables
{
    /// <summary>Function, type, input scale and zero point, output's, checksum.</summary>
    public static object[][] Unary => Bytes.Concat(Shorts).ToArray();

${table('static readonly object[][] Bytes', rows.Bytes)}
${table('static readonly object[][] Shorts', rows.Shorts)}
    /// <summary>Function, type, scale and zero point of a, b and the output, checksum.</summary>
${table('public static readonly object[][] Binary', rows.Binary)}
    /// <summary>Types and quantizations of a conversion, checksum.</summary>
${table('public static readonly object[][] Conversions', rows.Conversions)}
    /// <summary>Type and quantization that (i − 32768) / 997 becomes, checksum.</summary>
${table('public static readonly object[][] Floats', rows.Floats)}}
`);
console.log(Object.entries(rows).map(([name, list]) => `${name} ${list.length}`).join(', '));
