import { access } from 'node:fs/promises';
import path from 'node:path';

/**
 * The file of a kind that belongs to a predictions file: `F.timings.jsonl` beside `F.jsonl`, or plain `timings.jsonl` beside a run's `predictions.jsonl`; with `.gz` too.
 * Undefined where there is none.
 */
export async function findBeside(predictions: string, kind: 'timings' | 'failures'): Promise<string | undefined> {
  const folder = path.dirname(predictions);
  const stem = path
    .basename(predictions)
    .replace(/\.gz$/, '')
    .replace(/\.jsonl?$/, '');
  const names = [`${stem}.${kind}.jsonl`, ...(stem === 'predictions' ? [`${kind}.jsonl`] : [])];
  for (const name of names.flatMap((name) => [name, `${name}.gz`])) {
    const file = path.join(folder, name);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  return undefined;
}
