import { writeAtomically } from '../../harness/files/write-atomically.ts';
import { nativeLine } from '../native.ts';
import type { AtlasDials } from './dials.ts';
import type { AtlasSplit } from './entity-name.ts';
import { generateAtlas } from './generate.ts';

/** Lines that are written at once. */
const BLOCK = 256;

/** Writes so many questions to a file in the native format; only a block of them is in memory. `onQuestions` is told how many are written. */
export async function writeAtlas(
  file: string,
  split: AtlasSplit,
  questions: number,
  dials: AtlasDials,
  onQuestions: (written: number) => void = () => undefined,
): Promise<void> {
  await writeAtomically(file, blocks());

  function* blocks(): Generator<string> {
    let block = '';
    let written = 0;
    for (const example of generateAtlas(split, questions, dials)) {
      block += `${nativeLine(example)}\n`;
      if (++written % BLOCK > 0) continue;
      yield block;
      block = '';
      onQuestions(written);
    }
    yield block;
    onQuestions(written);
  }
}
