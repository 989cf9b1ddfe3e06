import { availableParallelism, cpus, hostname, totalmem } from 'node:os';
import type { RunManifest } from '../store/run-manifest.ts';

/** Threads that TensorFlow takes for one operation in this process. */
function threads(): number {
  return Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism();
}

/** The facts of this machine that times and memory depend on. */
export function machine(): RunManifest['machine'] {
  return {
    host: hostname(),
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    threads: threads(),
    memoryBytes: totalmem(),
  };
}
