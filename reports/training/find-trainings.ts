import { existsSync } from 'node:fs';
import path from 'node:path';
import { CURVE } from '../../harness/training/curve.ts';
import { readTrainManifest } from '../../harness/store/read-train-manifest.ts';
import type { TrainManifest } from '../../harness/store/train-manifest.ts';
import type { Run } from '../find-runs.ts';
import { groupBy } from '../group-by.ts';
import { givesAnswers } from '../report-row.ts';
import type { RunNames } from '../run-names.ts';
import { readCurve, type Curve } from './read-curve.ts';
import { trainingChain } from './training-chain.ts';

/** A finished stage of training. */
export interface Training {
  readonly folder: string;
  readonly manifest: TrainManifest;
  readonly curve: Curve;
  /** The systems with their settings that answer with it, or with what was trained from it: labels of rows, each once. */
  readonly systems: readonly string[];
  /** Their nominal ratio; null where they have none, or several. */
  readonly ratio: number | null;
}

/** The training of a trained system of the report. */
export interface TrainingChain {
  /** The label of its rows. */
  readonly system: string;
  readonly ratio: number | null;
  /** First stage first. */
  readonly stages: readonly Training[];
  /** Folder of a stage that does not lie beside the run: the chain begins after it. Null where all stages were found. */
  readonly missing: string | null;
}

/** The training of exactly the systems that a report shows. */
export interface FoundTrainings {
  /** Each once, stage by stage, by their ratios. */
  readonly trainings: readonly Training[];
  readonly chains: readonly TrainingChain[];
}

type NamedRun = Run & Pick<RunNames, 'label' | 'model'>;

/**
 * The trainings beside these runs, by the keys that the manifests name.
 *
 * @throws InputError where a manifest or a curve is broken.
 */
export async function findTrainings(runs: readonly NamedRun[]): Promise<FoundTrainings> {
  const found = new Map<string, Promise<Found | undefined>>();
  const read = (folder: string): Promise<Found | undefined> => {
    if (!found.has(folder)) found.set(folder, readTraining(folder));
    return found.get(folder)!;
  };
  const chains = new Map<string, Omit<TrainingChain, 'stages'> & { stages: Found[] }>();
  // Those that only rank come last: a stage is called by the first of its systems.
  for (const run of [...runs.filter(givesAnswers), ...runs.filter(ranksOnly)]) {
    const { label, model, manifest } = run;
    if (manifest.trained === null) continue;
    const { stages, missing } = await trainingChain(run, read);
    // A system has one run for each benchmark.
    const identity = JSON.stringify([label, model, manifest.trained]);
    if (!chains.has(identity)) chains.set(identity, { system: label, ratio: manifest.ratio, stages, missing });
  }
  const all = [...new Set([...chains.values()].flatMap(({ stages }) => stages))];
  const trainings = new Map(
    all.map((stage): [Found, Training] => {
      const users = [...chains.values()].filter(({ stages }) => stages.includes(stage));
      const [ratio, ...others] = new Set(users.map(({ ratio }) => ratio));
      const systems = [...new Set(users.map(({ system }) => system))];
      return [stage, { ...stage, systems, ratio: others.length > 0 ? null : ratio! }];
    }),
  );
  const inOrder = [...groupBy([...trainings.values()], ({ manifest }) => manifest.trainer.id).values()];
  return {
    trainings: inOrder.flatMap((stage) => stage.sort((one, other) => (one.ratio ?? 0) - (other.ratio ?? 0))),
    chains: [...chains.values()].map((chain) => ({
      ...chain,
      stages: chain.stages.map((stage) => trainings.get(stage)!),
    })),
  };
}

function ranksOnly(run: Run): boolean {
  return !givesAnswers(run);
}

type Found = Pick<Training, 'folder' | 'manifest' | 'curve'>;

async function readTraining(folder: string): Promise<Found | undefined> {
  const manifest = await readTrainManifest(folder);
  if (!manifest) return undefined;
  const file = path.join(folder, CURVE);
  // A user's trainer may leave no curve.
  const curve = existsSync(file) ? await readCurve(file) : { steps: [], validations: [] };
  return { folder, manifest, curve };
}
