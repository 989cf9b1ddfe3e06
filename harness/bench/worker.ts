import { performance } from 'node:perf_hooks';
import type { Measurement } from './measurement.ts';
import { measureBootstrap } from './measure-bootstrap.ts';
import { measureReport } from './measure-report.ts';
import { measureScoring } from './measure-scoring.ts';
import type { Workload } from './workloads.ts';

/*
 * One side of one row, in a process of its own so that its peak memory is the row's: `worker.ts ROW MODEL REPETITIONS FOLDER` prints a Measurement as JSON. The folder is
 * empty, and takes what the peer needs to do the same work.
 */
const [row, id, repetitions, folder] = process.argv.slice(2) as [string, string, string, string];
const results: (number | string)[] = [];
// The first run records graphs; memory settles in the second. A report is made once in a process.
const WARM_UP = row === 'report-100-cells' ? 0 : 2;
const WITHOUT_MODEL: Readonly<Record<string, Workload>> = {
  score: () => measureScoring(200_000),
  'report-100-cells': measureReport,
  bootstrap: () => Promise.resolve(measureBootstrap(100_000, 1000)),
};
const workload = WITHOUT_MODEL[row] ?? (await modelWorkload());
for (let i = 0; i < WARM_UP; i++) await workload();
const values: number[] = [];
const started = performance.now();
const before = process.cpuUsage();
for (let i = 0; i < Number(repetitions); i++) values.push(await workload());
const used = process.cpuUsage(before);
const measurement: Measurement = {
  values,
  cpu: (used.user + used.system) / 1000 / (performance.now() - started),
  peakMemory: process.resourceUsage().maxRSS * 1024,
  ...(results.length > 0 && { results }),
};
process.stdout.write(`${JSON.stringify(measurement)}\n`);

/** TensorFlow and the model are loaded only for the rows that use them: their memory is no other row's. */
async function modelWorkload(): Promise<Workload> {
  const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
  const model = await loadLanguageModel(id);
  const { NANO_WORKLOADS } = await import('./nano-workloads.ts');
  const compared = await NANO_WORKLOADS[row]?.(model, folder);
  if (!compared) return (await import('./workloads.ts')).WORKLOADS[row]!(model);
  return async () => {
    const { rate, results: found } = await compared();
    // The loss of every step; of answers, which are the same every time, the last ones.
    if (typeof found[0] === 'string') results.length = 0;
    results.push(...found);
    return rate;
  };
}
