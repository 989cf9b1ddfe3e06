import path from 'node:path';
import { readNative } from '../datasets/native.ts';
import { RUN_FILES, scoreOf, type ReportRow } from './report-row.ts';

/** Of each question of a file, in its order: passages to rank, and gold passages among them. */
export interface QuestionCandidates {
  readonly all: readonly number[];
  readonly gold: readonly number[];
}

/** The candidates of the questions of rows that rank, by the SHA-256 of their examples; each file is read once. @throws InputError at a line that is no example. */
export async function candidateCounts(rows: readonly ReportRow[]): Promise<Map<string, QuestionCandidates>> {
  const counts = new Map<string, QuestionCandidates>();
  for (const row of rows) {
    const { sha256 } = row.manifest.examples;
    if (counts.has(sha256) || !scoreOf(row, 'recall@1')) continue;
    const [all, gold]: [number[], number[]] = [[], []];
    for await (const { docs, pos_index } of readNative(path.join(row.folder, RUN_FILES.examples))) {
      all.push(docs.length);
      gold.push(new Set(pos_index).size);
    }
    counts.set(sha256, { all, gold });
  }
  return counts;
}
