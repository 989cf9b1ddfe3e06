import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { findSystem } from '../../baselines/find-system.ts';
import { readLines } from '../files/read-lines.ts';
import { openModelFiles } from '../language-model/open-model-files.ts';
import type { ModelFiles } from '../language-model/model-files.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { readRunManifest } from '../store/read-run-manifest.ts';
import { readTrainManifest } from '../store/read-train-manifest.ts';
import { calibrateTraining } from './calibrate-training.ts';
import { calibrate, promptMs, stepMs, type Calibration } from './calibrate.ts';
import { countingModel } from './counting-model.ts';
import { cutBlocks, lengthOf } from './cut-blocks.ts';
import { folderOf, type Job } from './job.ts';
import type { Example } from '../../datasets/example.ts';
import { rememberEncodings } from './remember-encodings.ts';
import { TrainingRows } from './training-rows.ts';
import { estimateTraining } from './estimate-training.ts';
import { LastQuestions } from './last-questions.ts';
import type { PlannedJob, PlannedPrediction, PlannedTraining } from './planned-job.ts';

/** Questions of a job whose prompts are built to count their tokens, spread over all lengths. */
const SAMPLE = 40;
/** Bytes that a question takes in the results, about. */
const RESULT_BYTES = 400;
/** Text shrinks to about this share in examples.jsonl.gz. */
const GZIP_SHARE = 0.4;

/** What a job has in it and will take. */
export interface JobEstimate {
  readonly kind: PlannedJob['kind'];
  readonly key: string;
  readonly label: string;
  readonly folder: string;
  readonly state: 'there' | 'begun' | 'to do';
  readonly questions: number;
  /** Questions that are answered, or have failed, already; of a training that has ended all of them. */
  readonly settled: number;
  /** Tokens of all prompts; null where the system's prompts cannot be built without running it, and for a training. */
  readonly promptTokens: number | null;
  /** Rows that go through the decoder over the whole training, about; null for predictions. */
  readonly rows: number | null;
  /** Whether every prompt was built, or only SAMPLE of them. */
  readonly exact: boolean;
  /** Time for what is missing at most (every answer as long as it may be), seconds; 0 where nothing is; null where it cannot be told. */
  readonly seconds: number | null;
  /** Bytes that the folder takes, or about will. */
  readonly bytes: number;
}

/** Says of each job what is there and what the rest will take, on this machine. `exact` counts every prompt's tokens. */
export async function* estimateJobs(
  planned: readonly PlannedJob[],
  options: { readonly runs: string; readonly exact: boolean },
): AsyncGenerator<JobEstimate> {
  const models = new Map<string, ModelFiles>();
  const speeds: Speeds = { answering: onceEach(calibrate), training: onceEach(calibrateTraining) };
  const questions = new LastQuestions();
  const trainingRows = new TrainingRows();
  try {
    for (const plan of planned) {
      const { model } = plan.job;
      if (model && !models.has(model.id)) models.set(model.id, rememberingFiles(await openModelFiles(model.id)));
      const files = model ? models.get(model.id) : undefined;
      const folder = path.join(options.runs, folderOf(plan.job));
      yield plan.kind === 'train'
        ? await estimateTrainJob(plan, folder, files, speeds, { questions, trainingRows })
        : await estimatePredictJob(plan, folder, files, speeds, { ...options, questions });
    }
  } finally {
    for (const { weights } of models.values()) await weights.close();
  }
}

/** How fast this machine is with a model. */
interface Speeds {
  readonly answering: (files: ModelFiles) => Promise<Calibration>;
  /** Milliseconds a row. */
  readonly training: (files: ModelFiles) => Promise<number>;
}

async function estimateTrainJob(
  plan: PlannedTraining,
  folder: string,
  files: ModelFiles | undefined,
  speeds: Speeds,
  known: { readonly questions: LastQuestions; readonly trainingRows: TrainingRows },
): Promise<JobEstimate> {
  const { job, label } = plan;
  const questions = job.examples.count;
  const complete = (await readTrainManifest(folder)) !== undefined;
  const { rows, done, weightBytes, left } = await estimateTraining(plan, files, folder, known);
  const state = complete ? 'there' : existsSync(path.join(folder, 'job.json')) ? 'begun' : 'to do';
  return {
    kind: 'train',
    key: job.key,
    label,
    folder,
    state,
    questions,
    settled: complete ? questions : Math.floor(done * questions),
    promptTokens: null,
    rows,
    exact: false,
    seconds: complete ? 0 : files ? left(await speeds.training(files)) / 1000 : null,
    bytes: complete ? await bytesIn(folder) : weightBytes + questions * RESULT_BYTES,
  };
}

async function estimatePredictJob(
  plan: PlannedPrediction,
  folder: string,
  files: ModelFiles | undefined,
  speeds: Speeds,
  options: { readonly runs: string; readonly exact: boolean; readonly questions: LastQuestions },
): Promise<JobEstimate> {
  const { job } = plan;
  const { runs, exact } = options;
  const questions = job.examples.count;
  const complete = (await readRunManifest(folder)) !== undefined;
  const settled = complete ? questions : await linesIn(folder, ['predictions.jsonl', 'failures.jsonl']);
  const prompts = files
    ? await sampledPrompts(job, files, {
        examples: await options.questions.of(job),
        count: exact ? questions : SAMPLE,
        runs,
      })
    : null;
  let seconds: number | null = complete ? 0 : null;
  if (!complete && prompts && files) {
    seconds = ((questions - settled) / questions) * wholeSeconds(job, prompts, await speeds.answering(files));
  }
  const state = complete ? 'there' : settled > 0 || existsSync(path.join(folder, 'job.json')) ? 'begun' : 'to do';
  const bytes = complete ? await bytesIn(folder) : Math.round(plan.length * GZIP_SHARE) + questions * RESULT_BYTES;
  return {
    kind: 'predict',
    key: job.key,
    label: plan.label,
    folder,
    state,
    questions,
    settled,
    promptTokens: prompts && Math.round(mean(prompts) * questions),
    rows: null,
    exact: prompts?.length === questions,
    seconds,
    bytes,
  };
}

/** The jobs of a suite put the same passages into their prompts: each is tokenised once. */
function rememberingFiles(files: ModelFiles): ModelFiles {
  return { ...files, tokenizer: { ...files.tokenizer, encode: rememberEncodings(files.tokenizer.encode) } };
}

/** A speed of each model, asked for once. */
function onceEach<T>(
  measure: (hash: string, load: () => Promise<LanguageModel>) => Promise<T>,
): (files: ModelFiles) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return ({ hash, id }) => {
    const load = async (): Promise<LanguageModel> => {
      // Loaded here, as TensorFlow comes with it: the other commands start without.
      const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
      return loadLanguageModel(id);
    };
    const speed = known.get(hash) ?? measure(hash, load);
    known.set(hash, speed);
    return speed;
  };
}

/** Tokens of the prompts of at most `count` questions, spread evenly over their lengths; null where the system's prompts cannot be told. */
async function sampledPrompts(
  job: Job,
  files: ModelFiles,
  { examples, count, runs }: { readonly examples: readonly Example[]; readonly count: number; readonly runs: string },
): Promise<number[] | null> {
  const system = await findSystem(job.system.module?.file ?? job.system.id);
  const sorted = cutBlocks(examples, (example) => lengthOf(system, example, job.settings), 1).flat();
  const taken = Math.min(count, sorted.length);
  const sample = Array.from({ length: taken }, (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / taken)]!);
  const { model, promptTokens } = countingModel(files);
  const { maxNewTokens, batch, seed, settings } = job;
  const trained = job.trained === null ? null : path.join(runs, folderOf({ kind: 'train', key: job.trained }));
  try {
    const context = {
      model: () => Promise.resolve(model),
      maxNewTokens,
      batch,
      seed,
      settings,
      trained,
      cache: path.join(runs, 'cache'),
    };
    const results = system.predict(sample, context)[Symbol.asyncIterator]();
    while (!(await results.next()).done);
  } catch {
    // It needs real answers or weights on its way to a prompt.
    return null;
  }
  return promptTokens.length > 0 ? [...promptTokens] : null;
}

function wholeSeconds({ examples, batch, maxNewTokens }: Job, prompts: readonly number[], speed: Calibration): number {
  const prefill = examples.count * mean(prompts.map((tokens) => promptMs(speed, tokens)));
  const blocks = Math.floor(examples.count / batch);
  const last = examples.count % batch;
  // The first new token comes with the prompt.
  const decode = (maxNewTokens - 1) * (blocks * stepMs(speed, batch) + (last > 0 ? stepMs(speed, last) : 0));
  return (prefill + decode) / 1000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function linesIn(folder: string, names: readonly string[]): Promise<number> {
  let lines = 0;
  for (const file of names.map((name) => path.join(folder, name)).filter((file) => existsSync(file))) {
    let last = 0;
    for await (const { line } of readLines(file)) last = line;
    lines += last;
  }
  return lines;
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
  return bytes;
}
