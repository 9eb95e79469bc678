// Loads LiteRT (@litertjs/core) into Node.
import fs from 'fs';
import path from 'path';
import vm from 'vm';
import { createRequire } from 'module';
import { pathToFileURL } from 'url';

// The package is made for browsers: give it the few things that it looks for there. Its table of element types leaves
// int8, int16 and bool out, though the runtime below has them: a copy of its index.js, written beside it, has rows for
// them. An array's class names its element type, so bool takes the clamped bytes.
export async function loadLiteRt(modules) {
    const wasm = path.join(modules, '@litertjs/core/wasm/');
    const index = path.join(modules, '@litertjs/core/dist/index.js');
    const more = [['int8', 'Int8Array', 'INT8'], ['int16', 'Int16Array', 'INT16'], ['bool', 'Uint8ClampedArray', 'BOOL']]
        .map(([d, a, e]) => `{ dtype: "${d}", typedArrayConstructor: ${a}, elementType: ElementType.${e} },`).join('');
    const patched = path.join(modules, '@litertjs/core/dist/index.with-int8.mjs');
    fs.writeFileSync(patched, fs.readFileSync(index, 'utf8')
        .replace('var DATATYPES = Object.freeze([', 'var DATATYPES = Object.freeze([' + more));
    Object.assign(globalThis, {
        self: globalThis,
        require: createRequire(import.meta.url),
        __filename: path.join(wasm, 'litert.js'),
        __dirname: wasm,
        importScripts: url => vm.runInThisContext(
            fs.readFileSync(url, 'utf8') + ';globalThis.ModuleFactory = ModuleFactory;', { filename: url }),
    });
    const core = await import(pathToFileURL(patched));
    await core.loadLiteRt(wasm);
    return core;
}

/// Compiles a model and returns inputs => outputs, both lists of typed arrays.
export async function compile(core, bytes) {
    const model = await core.loadAndCompile(bytes, { accelerator: 'wasm' });
    const shapes = model.getInputDetails().map(d => d.shape);
    return async inputs => {
        const outputs = await model.run(inputs.map((x, i) => new core.Tensor(x, shapes[i])));
        return Promise.all(outputs.map(async o => (await o.data()).slice()));
    };
}
