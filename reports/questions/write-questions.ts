import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Example } from '../../datasets/example.ts';
import { makeFolder } from '../../harness/files/make-folder.ts';
import { readLineBatches } from '../../harness/files/read-lines.ts';
import type { Prediction } from '../../harness/prediction.ts';
import type { Failure } from '../../harness/system.ts';
import type { ReportChart } from '../charts-of.ts';
import { groupBy } from '../group-by.ts';
import { givesAnswers, modelsOf, RUN_FILES, type ScoredRun } from '../report-row.ts';
import { asScript } from './as-script.ts';
import { packBits } from './bits.ts';
import { idOfLine, type QuestionOrder } from './question-order.ts';
import type { ListedQuestion, QuestionDetail, ReportIndex, RunAnswer } from './records.ts';

/** Questions in a file: lists are small and read one after another by a search, details hold passages. */
const LISTED = 2000;
const DETAILED = 50;
/** Scores that are shown of a question, where the preset has them; users' own come after them. */
const SHOWN = [
  'exact-match',
  'cover-exact-match-substring',
  'cover-exact-match-bag',
  'f1',
  'recall@1',
  'recall@3',
  'recall@5',
];

/** What of a report its questions are written for. */
export interface QuestionsOf {
  readonly runs: readonly ScoredRun[];
  readonly charts: readonly ReportChart[];
  /** Ids of users' own metrics. */
  readonly own: readonly string[];
}

/**
 * Writes every question with every system's answer into scripts under `data/` of a report's folder, a benchmark at a time: the answers of a benchmark's runs are held as
 * lines, its passages stream past.
 */
export async function writeQuestions(folder: string, { runs, charts, own }: QuestionsOf): Promise<void> {
  const metrics = [...SHOWN, ...own];
  const severalModels = modelsOf(runs).length > 1;
  const benchmarks = [...groupBy(runs, ({ benchmark }) => benchmark)];
  const index: ReportIndex = {
    benchmarks: benchmarks.map(([name, group], at) => ({
      name,
      folder: `b${at}`,
      questions: group[0]!.questions.order.ids.length,
    })),
    runs: benchmarks.flatMap(([, group], benchmark) =>
      group.map((run) => ({
        name: severalModels && run.manifest.model ? `${run.label} (${run.model})` : run.label,
        benchmark,
        ...verdicts(run),
      })),
    ),
    metrics,
    listed: LISTED,
    detailed: DETAILED,
    charts: Object.fromEntries(charts.map(({ name, spec }) => [name, spec])),
  };
  const write = async (name: string, value: unknown): Promise<void> => {
    const file = path.join(folder, 'data', `${name}.js`);
    await makeFolder(path.dirname(file));
    await writeFile(file, asScript(name, value));
  };
  await write('index', index);
  for (const [at, [, group]] of benchmarks.entries()) {
    await writeBenchmark(group, metrics, (name, value) => write(`${index.benchmarks[at]!.folder}/${name}`, value));
  }
}

function verdicts(run: ScoredRun): { right: string | null; failed: string | null } {
  if (!givesAnswers(run)) return { right: null, failed: null };
  const values = [...run.questions.of('exact-match')];
  return { right: packBits(values.map((value) => value === 1)), failed: packBits(values.map(Number.isNaN)) };
}

type Write = (name: string, value: unknown) => Promise<void>;

async function writeBenchmark(scored: readonly ScoredRun[], metrics: readonly string[], write: Write): Promise<void> {
  const runs: ((place: number) => RunAnswer)[] = [];
  for (const run of scored) runs.push(await readAnswers(run, metrics));
  const lists = new Chunks<ListedQuestion>('list', LISTED, write);
  const details = new Chunks<QuestionDetail>('detail', DETAILED, write);
  let place = 0;
  for await (const lines of readLineBatches(path.join(scored[0]!.folder, RUN_FILES.examples))) {
    for (const { text } of lines) {
      const { id, question, answers, docs, pos_index: gold } = JSON.parse(text) as Example;
      await lists.add({ id, question, answers });
      const given = runs.map((answer) => answer(place));
      await details.add({ docs: docs.map(({ title, text }) => ({ title, text })), gold, given });
      place++;
    }
  }
  await lists.end();
  await details.end();
}

/** A run's answers by the questions' places. Lines are kept as they are and parsed one at a time: they take a fraction of the memory. */
async function readAnswers(run: ScoredRun, metrics: readonly string[]): Promise<(place: number) => RunAnswer> {
  const { order } = run.questions;
  const predictions = await linesByPlace(path.join(run.folder, RUN_FILES.predictions), order);
  const failures = await linesByPlace(path.join(run.folder, RUN_FILES.failures), order);
  const values = metrics.map((metric) => run.questions.of(metric));
  const answers = givesAnswers(run);
  return (place) => {
    const failure = failures[place];
    if (failure !== undefined) return { error: (JSON.parse(failure) as Failure).error };
    const line = predictions[place];
    if (line === undefined) return {};
    const record = JSON.parse(line) as Prediction | Failure;
    if ('error' in record) return { error: record.error };
    const { prediction, ranking, selected } = record;
    return {
      ...(answers && { prediction }),
      ...(ranking && { ranking }),
      ...(selected && { selected }),
      scores: values.map((of) => rounded(of[place]!)),
    };
  };
}

/** Most are 0 or 1, and rounding takes as long as all else about an answer. */
function rounded(value: number): number | null {
  if (value === 0 || value === 1) return value;
  return Number.isNaN(value) ? null : Number(value.toFixed(4));
}

async function linesByPlace(file: string, order: QuestionOrder): Promise<(string | undefined)[]> {
  const found = new Array<string | undefined>(order.ids.length);
  for await (const lines of readLineBatches(file)) {
    for (const { text } of lines) {
      const place = order.places.get(idOfLine(text));
      if (place !== undefined) found[place] = text;
    }
  }
  return found;
}

/** Gathers records and writes so many of them at a time. */
class Chunks<T> {
  readonly #name: string;
  readonly #size: number;
  readonly #write: Write;
  #records: T[] = [];
  #written = 0;

  constructor(name: string, size: number, write: Write) {
    this.#name = name;
    this.#size = size;
    this.#write = write;
  }

  async add(record: T): Promise<void> {
    this.#records.push(record);
    if (this.#records.length === this.#size) await this.end();
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    if (this.#records.length === 0) return;
    await this.#write(`${this.#name}-${this.#written++}`, this.#records);
    this.#records = [];
  }
}
