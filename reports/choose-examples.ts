import path from 'node:path';
import type { Example } from '../datasets/example.ts';
import { sha256 } from '../harness/files/sha256.ts';
import { readLines } from '../harness/files/read-lines.ts';
import type { Metric } from '../harness/metrics/metric.ts';
import type { Prediction } from '../harness/prediction.ts';
import { groupBy } from './group-by.ts';
import { idOfLine } from './questions/question-order.ts';
import { countedSeeds, RUN_FILES, type ReportRow } from './report-row.ts';

/** A question with every system's answer. */
export interface ShownExample {
  readonly benchmark: string;
  readonly model: string;
  readonly question: string;
  readonly answers: readonly string[];
  readonly given: readonly {
    readonly label: string;
    /** Null where the system has a recorded failure. */
    readonly prediction: string | null;
    readonly right: boolean;
  }[];
}

/** Questions shown of each benchmark and model. */
export const EXAMPLES_SHOWN = 2;
/** Questions considered: those with the lowest hashes. A bound, so that a benchmark of any size takes little memory. */
export const EXAMPLES_CONSIDERED = 200;

/**
 * Questions to show, by a rule that nobody can bend: of each benchmark the questions in the order of the SHA-256 of their ids, those first on which
 * the systems differ in exact match.
 */
export async function chooseExamples(rows: readonly ReportRow[], exactMatch: Metric): Promise<ShownExample[]> {
  const groups = groupBy(rows, ({ benchmark, model }) => JSON.stringify([benchmark, model]));
  const chosen: ShownExample[] = [];
  for (const group of groups.values()) chosen.push(...(await chooseFrom(group, exactMatch)));
  return chosen;
}

async function chooseFrom(rows: readonly ReportRow[], exactMatch: Metric): Promise<ShownExample[]> {
  const { folder, benchmark, model } = rows[0]!;
  const candidates = await lowestHashes(path.join(folder, RUN_FILES.examples));
  const answers = await Promise.all(rows.map(({ folder }) => predictionsOf(folder, candidates)));
  const shown = [...candidates.values()].map((example) => ({
    benchmark,
    model,
    question: example.question,
    answers: example.answers,
    given: rows.map((row, at) => {
      // Of several seeds the first one’s answers are shown.
      const { label } = countedSeeds(row) > 1 ? row.seeds[0]! : row;
      const prediction = answers[at]!.get(example.id);
      return {
        label,
        prediction: prediction?.prediction ?? null,
        right: prediction !== undefined && exactMatch.score(prediction, example) === 1,
      };
    }),
  }));
  const differ = ({ given }: ShownExample): boolean => new Set(given.map(({ right }) => right)).size > 1;
  return [...shown.filter(differ), ...shown.filter((example) => !differ(example))].slice(0, EXAMPLES_SHOWN);
}

/** The examples whose ids have the lowest hashes, lowest first. */
async function lowestHashes(file: string): Promise<Map<string, Example>> {
  let kept: { readonly hash: string; readonly example: Example }[] = [];
  const keepLowest = (): void => {
    kept = kept.sort((one, other) => (one.hash < other.hash ? -1 : 1)).slice(0, EXAMPLES_CONSIDERED);
  };
  for await (const { text } of readLines(file)) {
    const example = JSON.parse(text) as Example;
    kept.push({ hash: sha256(example.id), example });
    if (kept.length >= 2 * EXAMPLES_CONSIDERED) keepLowest();
  }
  keepLowest();
  return new Map(kept.map(({ example }) => [example.id, example]));
}

async function predictionsOf(folder: string, wanted: ReadonlyMap<string, unknown>): Promise<Map<string, Prediction>> {
  const found = new Map<string, Prediction>();
  for await (const { text } of readLines(path.join(folder, RUN_FILES.predictions))) {
    const id = idOfLine(text);
    if (wanted.has(id)) found.set(id, JSON.parse(text) as Prediction);
  }
  return found;
}
