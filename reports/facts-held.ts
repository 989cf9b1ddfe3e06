import path from 'node:path';
import { chanceWithoutDocuments } from '../datasets/atlas/chance-without-documents.ts';
import { atlasDials } from '../datasets/atlas/dials.ts';
import { readNative } from '../datasets/native.ts';
import { sha256 } from '../harness/files/sha256.ts';
import { bootstrapInterval } from '../harness/statistics/bootstrap-interval.ts';
import { clusterValues, meanOf } from '../harness/statistics/clustered-values.ts';
import { countedSeeds, givesAnswers, RUN_FILES, type ReportRow } from './report-row.ts';

/** How many of the facts of its passages a system gets right, where every fact of each passage is asked. */
export interface FactsHeld {
  readonly row: ReportRow;
  /** Facts asked of each passage. */
  readonly facts: number;
  /** Passages all of whose facts were answered, of each seed; the others do not count. */
  readonly passages: number;
  readonly leftOut: number;
  /** Mean facts right of a passage, with the 95 % interval of a bootstrap over passages (BCa), or over passages and seeds (percentile). */
  readonly mean: { readonly value: number; readonly low: number; readonly high: number };
  /** Share of the passages with 0, 1, ... facts right. */
  readonly shares: readonly number[];
  /** The same where each fact is right with the mean's probability, whatever holds of the passage's others (binomial). */
  readonly independent: readonly number[];
  /** Facts right by guessing values; null where the benchmark does not say it by construction. */
  readonly guessed: number | null;
}

/** Of the passages, so many must be asked equally many questions. */
const ALIKE = 0.9;

/** Of the rows whose questions ask several facts of each passage: which question is of which gold passage. Each file of questions is read once. */
export async function factsHeld(rows: readonly ReportRow[]): Promise<FactsHeld[]> {
  const known = new Map<string, Promise<PassageQuestions | undefined>>();
  const found: FactsHeld[] = [];
  for (const row of rows.filter(givesAnswers)) {
    const { sha256 } = row.manifest.examples;
    if (!known.has(sha256)) known.set(sha256, passageQuestions(path.join(row.folder, RUN_FILES.examples)));
    const questions = await known.get(sha256)!;
    const held = questions && heldBy(row, questions);
    if (held) found.push(held);
  }
  return found;
}

interface PassageQuestions {
  /** Facts asked of a passage. */
  readonly facts: number;
  /** Of each passage, the places of its questions. */
  readonly passages: readonly (readonly number[])[];
}

/** By the gold passage's title and text. Undefined where questions have other than one gold passage, or passages are asked unequally many. */
async function passageQuestions(file: string): Promise<PassageQuestions | undefined> {
  const passages = new Map<string, number[]>();
  let place = 0;
  for await (const { docs, pos_index } of readNative(file)) {
    if (pos_index.length !== 1) return undefined;
    const { title, text } = docs[pos_index[0]!]!;
    const key = sha256(JSON.stringify([title, text]));
    const places = passages.get(key);
    if (places) places.push(place);
    else passages.set(key, [place]);
    place++;
  }
  const counts = new Map<number, number>();
  for (const { length } of passages.values()) counts.set(length, (counts.get(length) ?? 0) + 1);
  const [facts, alike] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
  return facts > 1 && alike >= ALIKE * passages.size ? { facts, passages: [...passages.values()] } : undefined;
}

function heldBy(row: ReportRow, { facts, passages }: PassageQuestions): FactsHeld | undefined {
  const held = row.seeds.slice(0, countedSeeds(row)).flatMap(({ questions, manifest: { seed } }) => {
    const right = questions.of('exact-match');
    return passages.flatMap((places, passage) => {
      const isWhole = places.length === facts && places.every((place) => !Number.isNaN(right[place]!));
      const value = places.reduce((sum, place) => sum + right[place]!, 0);
      return isWhole ? [{ question: String(passage), seed, value }] : [];
    });
  });
  if (held.length === 0) return undefined;
  const clustered = clusterValues(held);
  const value = meanOf(clustered);
  const { low, high } = bootstrapInterval(clustered) ?? { low: value, high: value };
  const counts = new Array<number>(facts + 1).fill(0);
  for (const { value } of held) counts[value]!++;
  const dials = atlasDials.safeParse(row.manifest.benchmark.dials).data;
  return {
    row,
    facts,
    passages: held.length,
    leftOut: countedSeeds(row) * passages.length - held.length,
    mean: { value, low, high },
    shares: counts.map((count) => count / held.length),
    independent: binomial(facts, value / facts),
    guessed: dials ? facts * chanceWithoutDocuments(dials) : null,
  };
}

/** Probabilities of 0 to `trials` successes, each with the given probability. */
function binomial(trials: number, probability: number): number[] {
  let ways = 1;
  return Array.from({ length: trials + 1 }, (_, successes) => {
    if (successes > 0) ways = (ways * (trials - successes + 1)) / successes;
    return ways * probability ** successes * (1 - probability) ** (trials - successes);
  });
}
