import { findSystem } from '../../baselines/find-system.ts';
import { InputError } from '../errors.ts';
import { sha256File } from '../files/sha256.ts';
import { openModelFiles } from '../language-model/open-model-files.ts';
import { importMetric } from '../metrics/import-metric.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import { checkCheckpoint, type Checkpoint } from './checkpoint.ts';
import { lengthOf } from './cut-blocks.ts';
import { expandSettings } from './expand-settings.ts';
import { labelOf, withKey, type Job } from './job.ts';
import type { Suite } from './load-suite.ts';
import { overlap } from './overlap.ts';
import { planTrainings } from './plan-trainings.ts';
import type { PlannedJob } from './planned-job.ts';
import { questionsOf, type Questions } from './questions.ts';
import type { Setting } from './setting.ts';
import { stagesOf } from './stages-of.ts';
import { tellingSettings } from './telling-settings.ts';
import { TrainingRows } from './training-rows.ts';
import { withDefaults } from './with-defaults.ts';

/** What a plan is made with beside the suite. */
export interface PlanOptions {
  /** Folder of the benchmarks that are named by id; goes before the suite's own. */
  readonly dataRoot?: string;
  /** A finished training that trained systems answer with, instead of one of their own. */
  readonly checkpoint?: Checkpoint;
}

/** Makes something of each item that can be, and keeps the problems of the others. */
type Each = <From, To>(items: readonly From[], make: (item: From) => Promise<To> | To) => Promise<To[]>;

/**
 * The jobs of a suite, each once, those of one model one after the other, trainings before the predictions that need them.
 *
 * @throws InputError with the problems of all benchmarks, systems, models and metrics at once.
 */
export async function planSuite(suite: Suite, options: PlanOptions = {}): Promise<PlannedJob[]> {
  const problems: string[] = [];
  const each: Each = async (items, make) => {
    const made = [];
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
  const stopWithProblems = (): void => {
    if (problems.length > 0) throw new InputError(problems);
  };
  const root = options.dataRoot ?? (process.env.CLARA_BENCH_DATA || suite.data);
  const benchmarks = await each(suite.benchmarks, (entry) => questionsOf(entry, root));
  const systems = (await each(suite.systems, (entry) => settingsOf(entry, suite, each))).flat();
  const ids = [...new Set(systems.flatMap(({ models }) => models))];
  const models = await each(ids, async (id) => {
    const { hash, weights } = await openModelFiles(id);
    await weights.close();
    return { id, hash };
  });
  await each(suite.metrics, importMetric);
  const { checkpoint } = options;
  if (checkpoint) await each(systems, (setting) => checkCheckpoint(checkpoint, setting, models));
  const trained = checkpoint ? [] : systems.filter(({ stages }) => stages.length > 0);
  const [training] = await each(trained.slice(0, 1), () => trainingQuestions(suite, trained, root));
  if (training) await each(benchmarks, (questions) => checkOverlap(training, questions));
  stopWithProblems();
  await each(Object.keys(suite.defaults), (key) => checkDefault(key, systems));

  const rows = new TrainingRows();
  const jobs = new Map<string, PlannedJob>();
  const add = (plan: PlannedJob): void => void (jobs.has(plan.job.key) || jobs.set(plan.job.key, plan));
  for (const model of [...models, null]) {
    const cells = systems
      .filter(({ models }) => (model ? models.includes(model.id) : models.length === 0))
      .map((setting) => ({ setting, trained: new Map<number, string>() }));
    for (const { setting, trained } of cells) {
      await each(setting.stages.length > 0 ? suite.seeds : [], (seed) => {
        const plan = training && { suite: suite.name, questions: training, model, seed, all: systems, rows };
        const stages = plan ? planTrainings(setting, plan) : [];
        stages.forEach(add);
        trained.set(seed, (checkpoint ?? stages.at(-1)!.job).key);
      });
    }
    for (const questions of benchmarks) {
      for (const { setting, trained } of cells) {
        const { system, settings } = setting;
        const length = questions.examples.reduce((sum, example) => sum + lengthOf(system, example, settings), 0);
        const telling = tellingSettings(setting, systems);
        for (const seed of suite.seeds) {
          const job = jobOf(suite, setting, questions, model, seed, trained.get(seed) ?? null);
          add({ kind: 'predict', job, label: labelOf(job, telling), length });
        }
      }
    }
  }
  stopWithProblems();
  return toldApart([...jobs.values()]);
}

async function settingsOf(entry: Suite['systems'][number], suite: Suite, each: Each): Promise<Setting[]> {
  const system = await findSystem((entry.module ?? entry.id)!);
  const module = entry.module ? { file: entry.module, sha256: await sha256File(entry.module) } : null;
  const models = entry.models ?? suite.models;
  return each(expandSettings(withDefaults(system, entry.settings, suite.defaults)), (given) => {
    const settings = system.settings(given);
    return { system, module, settings, stages: stagesOf(system, settings), models };
  });
}

async function trainingQuestions(
  { training }: Suite,
  trained: readonly Setting[],
  root: string | undefined,
): Promise<Questions> {
  if (training) return questionsOf(training, root);
  const names = [...new Set(trained.map(({ system }) => system.id))].join(', ');
  throw new InputError(
    `training: expected the questions to train ${names} on, as in training: { id: squad, split: train, limit: 300 } (predict: --checkpoint FOLDER), got none`,
  );
}

function checkOverlap(training: Questions, { benchmark, examples }: Questions): void {
  const both = overlap(training.examples, examples);
  if (both) throw new InputError(`training: expected none of the questions of ${benchmark.id}, got ${both}`);
}

function checkDefault(key: string, systems: readonly Setting[]): void {
  if (systems.some(({ system, settings }) => system.training && key in settings)) return;
  throw new InputError(`defaults: expected a setting that a trained system of the suite takes, got ${key}`);
}

function jobOf(
  suite: Suite,
  { system, module, settings }: Setting,
  { benchmark, selection, examples, sha256 }: Questions,
  model: RunManifest['model'],
  seed: number,
  trained: string | null,
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
    trained,
    maxNewTokens: suite.maxNewTokens,
    batch: suite.batch,
    preset: suite.preset,
    metrics: suite.metrics,
  });
}

/** Jobs that differ in something that no label shows (what a stage starts from) get the beginning of their key. */
function toldApart(planned: readonly PlannedJob[]): PlannedJob[] {
  const counts = new Map<string, number>();
  for (const { label } of planned) counts.set(label, (counts.get(label) ?? 0) + 1);
  return planned.map((plan) =>
    counts.get(plan.label) === 1 ? plan : { ...plan, label: `${plan.label} #${plan.job.key.slice(0, 6)}` },
  );
}
