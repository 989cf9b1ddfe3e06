import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Metric } from '../metrics/metric.ts';
import { findPreset } from '../metrics/presets.ts';
import type { Prediction } from '../prediction.ts';
import type { Progress } from '../progress.ts';
import type { Failure } from '../system.ts';
import { answerLine } from './answer-line.ts';
import { joinById, type Joined, type JoinInput, OrderLost } from './join-by-id.ts';
import { questionLine } from './question-line.ts';
import { type Keyed, readRecords } from './records.ts';
import { ScoringPass } from './scoring-pass.ts';
import { ProbablySeenIds, type SeenIds } from './seen-ids.ts';
import { Spill } from './spill.ts';
import type { ScoreRow } from './tally.ts';
import { timingLine } from './timing-line.ts';

/** What to score and how. */
export interface ScoreFilesOptions {
  /** JSON lines of predictions; `.gz` means gzip, as for every file here. */
  readonly predictions: string;
  /** The questions with their gold answers, in the native format. */
  readonly data: string;
  /** Id of a preset (harness/metrics/presets.ts); the default is clara-bench. */
  readonly preset?: string;
  /** Metrics beside those of the preset. */
  readonly metrics?: readonly Metric[];
  /** File of times that are not in the predictions. */
  readonly timings?: string;
  /** File of questions that the system could not answer. */
  readonly failures?: string;
  /** Score what is there where questions have neither a prediction nor a failure. */
  readonly allowMissing?: boolean;
  /** The predictions are rankings without answers: metrics of answers are not computed. */
  readonly rankingOnly?: boolean;
  /** File for one JSON line a question, `{"id", "<metric>": value or null, ...}`. */
  readonly perQuestion?: string;
  /** Given each question scored, with its value by a metric's id, to be asked for at once; of a question that is read again, because the files' orders differ by too much, once more. */
  readonly onQuestion?: (id: string, valueOf: (metric: string) => number | null) => void;
  /** Memory that the run took at most, from its manifest: gives a row `peak-memory`. */
  readonly peakMemoryBytes?: number;
  readonly progress?: Progress;
}

/** The scores of one predictions file. */
export interface Scores {
  readonly preset: string;
  /** Questions of the data file. */
  readonly questions: number;
  /** Questions that were scored. */
  readonly scored: number;
  /** One row for each metric that applied to at least one question, in the preset's order. */
  readonly rows: readonly ScoreRow[];
  /** Metrics that applied to none: the predictions do not hold what they need. */
  readonly without: readonly string[];
  /** Questions that the system could not answer: recorded failures, not scored. */
  readonly failures: number;
  /** Questions with neither a prediction nor a failure; 0 unless they were allowed. */
  readonly missing: number;
  /** SHA-256 of the files as they lie there. */
  readonly hashes: Readonly<Record<'predictions' | 'data', string> & Partial<Record<'timings' | 'failures', string>>>;
}

/** Files whose orders differ by no more than this are joined as they stream past. */
const MAX_WAITING = 65_536;
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;
/** A part of a spilled join is held in memory: about so many bytes of both files each. */
const PART_BYTES = 32 * 1024 * 1024;
const MAX_PARTS = 256;
/** How much larger than its gzip file a JSON-lines file is, at most as a rule. */
const GZIP_FACTOR = 8;

/**
 * Scores a file of predictions against the file of its questions, joined by id, in memory that does not depend on their length: files in (nearly) the same order stream
 * past each other; where the orders differ, both are divided into temporary files by a hash of the id, and joined part by part.
 *
 * @throws InputError for bad lines, for ids that are there twice or are in no question, and for questions without an answer (unless they are allowed).
 */
export async function scoreFiles(options: ScoreFilesOptions): Promise<Scores> {
  const { id: preset, metrics } = findPreset(options.preset ?? 'clara-bench');
  const all = [...metrics, ...(options.metrics ?? [])];
  await checkOutput(options);
  const pass = await scoreInStep(options, all).catch((error: unknown) => {
    if (error instanceof OrderLost) return scoreSpilled(options, all);
    throw error;
  });
  const { predictions, data, timings, failures } = options;
  const files = Object.entries({ predictions, data, timings, failures }).filter(([, file]) => file !== undefined);
  const hashes = await Promise.all(files.map(async ([kind, file]) => [kind, await sha256File(file!)] as const));
  return { preset, ...pass.result(options.peakMemoryBytes), hashes: Object.fromEntries(hashes) as Scores['hashes'] };
}

/** A file that is read is not written over. */
async function checkOutput({ perQuestion, predictions, data, timings, failures }: ScoreFilesOptions): Promise<void> {
  if (perQuestion === undefined) return;
  const place = (file: string): Promise<string> => realpath(file).catch(() => path.resolve(file));
  const out = await place(perQuestion);
  for (const input of [predictions, data, timings, failures]) {
    if (input !== undefined && (await place(input)) === out) {
      throw new InputError(`${perQuestion}: expected another file than those that are read, got ${input}`);
    }
  }
}

/** @throws OrderLost where the orders of the files differ by too much, or where an id may be there twice, which only the spilled join says for certain. */
async function scoreInStep(options: ScoreFilesOptions, metrics: readonly Metric[]): Promise<ScoringPass> {
  const pass = new ScoringPass(options, metrics);
  const pairs = joinById(openFiles(options), {
    seen: new ProbablySeenIds(),
    onRepeat: () => {
      throw new OrderLost();
    },
    maxWaiting: MAX_WAITING,
    maxCharacters: MAX_WAITING_CHARACTERS,
  });
  await run(pass, pairs, options.perQuestion);
  return pass;
}

async function scoreSpilled(options: ScoreFilesOptions, metrics: readonly Metric[]): Promise<ScoringPass> {
  const { questions, answers, timings } = openFiles(options);
  const spill = new Spill(await countParts(options));
  try {
    await spill.divide('questions', questions);
    await spill.divide('answers', answers);
    if (timings) await spill.divide('timings', timings);
    const pass = new ScoringPass(options, metrics);
    await run(pass, joinParts(spill, timings !== null, pass), options.perQuestion);
    return pass;
  } finally {
    await spill.remove();
  }
}

async function* joinParts(spill: Spill, hasTimings: boolean, pass: ScoringPass): AsyncGenerator<Joined[]> {
  for (let part = 0; part < spill.parts; part++) {
    const file = (name: string): string => spill.file(name, part);
    const input: JoinInput = {
      questions: readRecords(file('questions'), questionLine),
      answers: readRecords(file('answers'), answerLine),
      timings: hasTimings ? readRecords(file('timings'), timingLine) : null,
    };
    const seen: SeenIds = new Set<string>();
    const onRepeat = pass.addRepeat.bind(pass);
    yield* joinById(input, { seen, onRepeat, maxWaiting: Infinity, maxCharacters: Infinity });
  }
}

async function run(pass: ScoringPass, pairs: AsyncIterable<Joined[]>, perQuestion: string | undefined): Promise<void> {
  const lines = pass.lines(pairs, perQuestion !== undefined);
  if (perQuestion !== undefined) await writeAtomically(perQuestion, lines);
  else for await (const line of lines) void line;
}

function openFiles({ data, predictions, failures, timings }: ScoreFilesOptions): JoinInput {
  return {
    questions: readRecords(data, questionLine),
    answers: readAnswers([predictions, ...(failures === undefined ? [] : [failures])]),
    timings: timings === undefined ? null : readRecords(timings, timingLine),
  };
}

async function* readAnswers(files: readonly string[]): AsyncGenerator<Keyed<Prediction | Failure>[]> {
  for (const file of files) yield* readRecords(file, answerLine);
}

async function countParts({ data, predictions }: ScoreFilesOptions): Promise<number> {
  const sizes = await Promise.all(
    [data, predictions].map(async (file) => (await stat(file)).size * (file.endsWith('.gz') ? GZIP_FACTOR : 1)),
  );
  return Math.min(MAX_PARTS, Math.ceil((sizes[0]! + sizes[1]!) / PART_BYTES) || 1);
}
