import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { findSystem } from '../../baselines/find-system.ts';
import { readLines } from '../files/read-lines.ts';
import { openModelFiles } from '../language-model/open-model-files.ts';
import type { ModelFiles } from '../language-model/model-files.ts';
import { readRunManifest } from '../store/read-run-manifest.ts';
import { calibrate, promptMs, stepMs, type Calibration } from './calibrate.ts';
import { countingModel } from './counting-model.ts';
import { cutBlocks, lengthOf } from './cut-blocks.ts';
import { folderOf, type Job } from './job.ts';
import { examplesOf } from './own-examples.ts';
import type { PlannedJob } from './plan-suite.ts';

/** Questions of a job whose prompts are built to count their tokens, spread over all lengths. */
const SAMPLE = 40;
/** Bytes that a question takes in the results, about. */
const RESULT_BYTES = 400;
/** Text shrinks to about this share in examples.jsonl.gz. */
const GZIP_SHARE = 0.4;

/** What a job has in it and will take. */
export interface JobEstimate {
  readonly key: string;
  readonly label: string;
  readonly folder: string;
  readonly state: 'there' | 'begun' | 'to do';
  readonly questions: number;
  /** Questions that are answered, or have failed, already. */
  readonly settled: number;
  /** Tokens of all prompts; null where the system's prompts cannot be built without running it. */
  readonly promptTokens: number | null;
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
  const speeds = new Map<string, Promise<Calibration>>();
  const speedOf = (files: ModelFiles): Promise<Calibration> => {
    const speed = speeds.get(files.hash) ?? measuredSpeed(files);
    speeds.set(files.hash, speed);
    return speed;
  };
  try {
    for (const plan of planned) {
      const { model } = plan.job;
      if (model && !models.has(model.id)) models.set(model.id, await openModelFiles(model.id));
      yield await estimateJob(plan, model ? models.get(model.id) : undefined, speedOf, options);
    }
  } finally {
    for (const { weights } of models.values()) await weights.close();
  }
}

async function estimateJob(
  plan: PlannedJob,
  files: ModelFiles | undefined,
  speedOf: (files: ModelFiles) => Promise<Calibration>,
  { runs, exact }: { readonly runs: string; readonly exact: boolean },
): Promise<JobEstimate> {
  const { job } = plan;
  const folder = path.join(runs, folderOf(job));
  const questions = job.examples.count;
  const complete = (await readRunManifest(folder)) !== undefined;
  const settled = complete ? questions : await linesIn(folder, ['predictions.jsonl', 'failures.jsonl']);
  const prompts = await sampledPrompts(job, files, exact ? questions : SAMPLE, runs);
  let seconds: number | null = complete ? 0 : null;
  if (!complete && prompts && files) {
    seconds = ((questions - settled) / questions) * wholeSeconds(job, prompts, await speedOf(files));
  }
  const state = complete ? 'there' : settled > 0 || existsSync(path.join(folder, 'job.json')) ? 'begun' : 'to do';
  const bytes = complete ? await bytesIn(folder) : Math.round(plan.length * GZIP_SHARE) + questions * RESULT_BYTES;
  return {
    key: job.key,
    label: plan.label,
    folder,
    state,
    questions,
    settled,
    promptTokens: prompts && Math.round(mean(prompts) * questions),
    exact: prompts?.length === questions,
    seconds,
    bytes,
  };
}

function measuredSpeed(files: ModelFiles): Promise<Calibration> {
  return calibrate(files.hash, async () => {
    // Loaded here, as TensorFlow comes with it: the other commands start without.
    const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
    return loadLanguageModel(files.id);
  });
}

/** Tokens of the prompts of at most `count` questions, spread evenly over their lengths; null where the system's prompts cannot be told. */
async function sampledPrompts(
  job: Job,
  files: ModelFiles | undefined,
  count: number,
  runs: string,
): Promise<number[] | null> {
  if (!files) return null;
  const system = await findSystem(job.system.module?.file ?? job.system.id);
  const sorted = cutBlocks(await examplesOf(job), (example) => lengthOf(system, example, job.settings), 1).flat();
  const taken = Math.min(count, sorted.length);
  const sample = Array.from({ length: taken }, (_, at) => sorted[Math.floor(((at + 0.5) * sorted.length) / taken)]!);
  const { model, promptTokens } = countingModel(files);
  const { maxNewTokens, batch, seed, settings } = job;
  try {
    const context = {
      model: () => Promise.resolve(model),
      maxNewTokens,
      batch,
      seed,
      settings,
      trained: null,
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
