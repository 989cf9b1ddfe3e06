// A program of its own, run by measureEngine: loads the engine, multiplies matrices for a second and prints what it found as JSON.
import { realpathSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { engineVersion } from './engine-version.ts';
import { linkedAddon, tfjsFolder } from './setup/addon-link.ts';
import { tf } from './tensorflow.ts';

const MEASURE_MS = 1000;

const { tensorflow, device } = engineVersion();
/** Large enough that the product and not its start is measured: 50 ms on two cores, 3 ms on a data-centre GPU. */
const size = device === 'gpu' ? 4096 : 1024;
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
    tensorflow,
    device,
    addon: realpathSync(linkedAddon(tfjsFolder())!),
    gflops: (2 * size ** 3 * products) / seconds / 1e9,
    size,
  }),
);
