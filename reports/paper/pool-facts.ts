import path from 'node:path';
import { readNative } from '../../datasets/native.ts';
import { RUN_FILES, type ReportRow } from '../report-row.ts';

/** What the questions of a run are like. */
export interface PoolFacts {
  readonly questions: number;
  /** Questions that have a gold passage among their candidates. */
  readonly withGold: number;
  /** Candidates of a question: the fewest and the most. */
  readonly fewest: number;
  readonly most: number;
  /** Questions with aliases beside their gold answer. */
  readonly withAliases: number;
}

/** The facts of the questions of rows, by the SHA-256 of their examples; each file is read once. @throws InputError at a line that is no example. */
export async function poolFacts(rows: readonly ReportRow[]): Promise<Map<string, PoolFacts>> {
  const facts = new Map<string, PoolFacts>();
  for (const { folder, manifest } of rows) {
    const { sha256 } = manifest.examples;
    if (!facts.has(sha256)) facts.set(sha256, await readFacts(path.join(folder, RUN_FILES.examples)));
  }
  return facts;
}

async function readFacts(file: string): Promise<PoolFacts> {
  let [questions, withGold, fewest, most, withAliases] = [0, 0, Infinity, 0, 0];
  for await (const { docs, pos_index, answers } of readNative(file)) {
    questions++;
    if (pos_index.length > 0) withGold++;
    if (answers.length > 1) withAliases++;
    fewest = Math.min(fewest, docs.length);
    most = Math.max(most, docs.length);
  }
  return { questions, withGold, fewest, most, withAliases };
}
