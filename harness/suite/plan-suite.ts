import path from 'node:path';
import { findSystem } from '../../baselines/find-system.ts';
import type { Example } from '../../datasets/example.ts';
import { InputError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import { openModelFiles } from '../language-model/open-model-files.ts';
import { importMetric } from '../metrics/import-metric.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import type { System } from '../system.ts';
import { lengthOf } from './cut-blocks.ts';
import { expandSettings } from './expand-settings.ts';
import { labelOf, withKey, type Job } from './job.ts';
import type { Suite } from './load-suite.ts';
import { openQuestions } from './open-questions.ts';
import { examplesHash } from './own-examples.ts';
import { selectExamples } from './select-examples.ts';
import { tellingSettings } from './telling-settings.ts';

/** A job of a suite, and how much there is to read in it. */
export interface PlannedJob {
  readonly job: Job;
  /** The job in one line, as `--only` reads it. */
  readonly label: string;
  /** Characters of its questions, as the system counts them: what progress is measured in. */
  readonly length: number;
}

interface Questions {
  readonly benchmark: RunManifest['benchmark'];
  readonly selection: RunManifest['selection'];
  readonly examples: readonly Example[];
  readonly sha256: string;
}

interface Setting {
  readonly system: System;
  readonly module: RunManifest['system']['module'];
  readonly settings: Record<string, unknown>;
  readonly models: readonly string[];
}

/**
 * The jobs of a suite, each once, those of one model one after the other.
 *
 * @throws InputError with the problems of all benchmarks, systems, models and metrics at once.
 */
export async function planSuite(suite: Suite, options: { readonly dataRoot?: string } = {}): Promise<PlannedJob[]> {
  const problems: string[] = [];
  const each = async <From, To>(items: readonly From[], make: (item: From) => Promise<To>): Promise<To[]> => {
    const made: To[] = [];
    for (const item of items) {
      try {
        made.push(await make(item));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(...error.problems.map((problem) => `${suite.file}: ${problem}`));
      }
    }
    return made;
  };
  const root = options.dataRoot ?? (process.env.CLARA_BENCH_DATA || suite.data);
  const benchmarks = await each(suite.benchmarks, (entry) => questionsOf(entry, root && path.resolve(root)));
  const systems = (await each(suite.systems, (entry) => settingsOf(entry, suite.models, each))).flat();
  const ids = [...new Set(systems.flatMap(({ models }) => models))];
  const models = await each(ids, async (id) => {
    const { hash, weights } = await openModelFiles(id);
    await weights.close();
    return { id, hash };
  });
  await each(suite.metrics, importMetric);
  if (problems.length > 0) throw new InputError(problems);

  const jobs = new Map<string, PlannedJob>();
  for (const model of [...models, null]) {
    for (const questions of benchmarks) {
      for (const setting of systems) {
        if (model ? !setting.models.includes(model.id) : setting.models.length > 0) continue;
        const length = questions.examples.reduce(
          (sum, example) => sum + lengthOf(setting.system, example, setting.settings),
          0,
        );
        const telling = tellingSettings(setting, systems);
        for (const seed of suite.seeds) {
          const job = jobOf(suite, setting, questions, model, seed);
          if (!jobs.has(job.key)) jobs.set(job.key, { job, label: labelOf(job, telling), length });
        }
      }
    }
  }
  return [...jobs.values()];
}

async function questionsOf(entry: Suite['benchmarks'][number], root: string | undefined): Promise<Questions> {
  const questions = await openQuestions({ ...entry, root });
  const selection: Questions['selection'] = {
    limit: entry.limit ?? null,
    rule: entry.select,
    seed: entry.select === 'random' ? entry.seed : null,
  };
  const { benchmark } = questions;
  const examples = await selectExamples(questions.load(), selection, benchmark.file ?? benchmark.id);
  return { benchmark, selection, examples, sha256: examplesHash(examples) };
}

async function settingsOf(
  entry: Suite['systems'][number],
  suiteModels: readonly string[],
  each: <From, To>(items: readonly From[], make: (item: From) => Promise<To>) => Promise<To[]>,
): Promise<Setting[]> {
  const system = await findSystem((entry.module ?? entry.id)!);
  const module = entry.module ? { file: entry.module, sha256: await sha256File(entry.module) } : null;
  return each(expandSettings(entry.settings), (given) =>
    Promise.resolve({ system, module, settings: system.settings(given), models: entry.models ?? suiteModels }),
  );
}

function jobOf(
  suite: Suite,
  { system, module, settings }: Setting,
  { benchmark, selection, examples, sha256 }: Questions,
  model: RunManifest['model'],
  seed: number,
): Job {
  return withKey({
    format: 1,
    kind: 'predict',
    suite: suite.name,
    system: {
      id: system.id,
      description: system.description,
      module,
      ...(system.answers === false && { answers: false }),
    },
    settings,
    ratio: typeof settings.ratio === 'number' ? settings.ratio : null,
    benchmark,
    selection,
    examples: { count: examples.length, sha256 },
    model,
    seed,
    maxNewTokens: suite.maxNewTokens,
    batch: suite.batch,
    preset: suite.preset,
    metrics: suite.metrics,
  });
}
