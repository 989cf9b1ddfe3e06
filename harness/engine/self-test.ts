// A program of its own, run by measureEngine: loads the engine, multiplies matrices for a second and prints what it found as JSON.
import { realpathSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { linkedAddon, tfjsFolder } from './setup/addon-link.ts';
import { tf } from './tensorflow.ts';

const MEASURE_MS = 1000;

const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
const gpu = backend.isUsingGpuDevice;
/** Large enough that the product and not its start is measured: 50 ms on two cores, 3 ms on a data-centre GPU. */
const size = gpu ? 4096 : 1024;
const left = tf.randomUniform([size, size]); // [rows, inner]
const right = tf.randomUniform([size, size]); // [inner, columns]

/** One product. Reading one number of it waits for the GPU to finish. */
function multiply(): void {
  tf.tidy(() => tf.slice(tf.matMul(left, right), [0, 0], [1, 1]).dataSync());
}

multiply();
multiply();
const started = performance.now();
let products = 0;
while (performance.now() - started < MEASURE_MS) {
  multiply();
  products++;
}
const seconds = (performance.now() - started) / 1000;

process.stdout.write(
  JSON.stringify({
    tensorflow: backend.binding.TF_Version,
    device: gpu ? 'gpu' : 'cpu',
    addon: realpathSync(linkedAddon(tfjsFolder())!),
    gflops: (2 * size ** 3 * products) / seconds / 1e9,
    size,
  }),
);
