import type { RunManifest } from '../harness/store/run-manifest.ts';

/** The machine and engine that a run's times hold for. */
export function machineText({ machine, versions }: Pick<RunManifest, 'machine' | 'versions'>): string {
  const { cpu, cores, threads, memoryBytes, platform } = machine;
  return `${cpu.trim()}, ${cores} cores, ${threads} threads, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${platform}, ${versions.tensorflow ? `TensorFlow ${versions.tensorflow}` : 'TensorFlow version not recorded'}`;
}
