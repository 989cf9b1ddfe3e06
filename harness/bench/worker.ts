import { performance } from 'node:perf_hooks';
import type { Measurement } from './measurement.ts';
import { measureBootstrap } from './measure-bootstrap.ts';
import { measureReport } from './measure-report.ts';
import { measureScoring } from './measure-scoring.ts';
import type { Workload } from './workloads.ts';

/*
 * One side of one row, in a process of its own so that its peak memory is the row's: `worker.ts ROW MODEL REPETITIONS` prints a Measurement as JSON.
 */
const [row, id, repetitions] = process.argv.slice(2) as [string, string, string];
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
};
process.stdout.write(`${JSON.stringify(measurement)}\n`);

/** TensorFlow and the model are loaded only for the rows that use them: their memory is no other row's. */
async function modelWorkload(): Promise<Workload> {
  const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
  const { WORKLOADS } = await import('./workloads.ts');
  return WORKLOADS[row]!(await loadLanguageModel(id));
}
