import { performance } from 'node:perf_hooks';
import type { Measurement } from './measurement.ts';
import { loadLanguageModel } from '../language-model/load-language-model.ts';
import { WORKLOADS } from './workloads.ts';

/*
 * One side of one row, in a process of its own so that its peak memory is the row's: `worker.ts ROW MODEL REPETITIONS` prints a Measurement as JSON.
 */
const [row, id, repetitions] = process.argv.slice(2) as [string, string, string];
const model = await loadLanguageModel(id);
const workload = WORKLOADS[row]!(model);
await workload();
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
