import type { Run } from './find-runs.ts';

/** Whether several runs gave the same answers and failures, byte for byte, as those of a system that does not depend on the training seed do. */
export function sameAnswers(runs: readonly Run[]): boolean {
  const files = runs.map(({ manifest: { files } }) => JSON.stringify([files.predictions, files.failures]));
  return runs.length > 1 && new Set(files).size === 1;
}
