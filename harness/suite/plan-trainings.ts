import { InputError } from '../errors.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import type { TrainingStage } from '../training/training-stage.ts';
import { canonicalJson } from './canonical-json.ts';
import { folderOf, settingTexts } from './job.ts';
import type { PlannedTraining } from './planned-job.ts';
import type { Questions } from './questions.ts';
import type { Setting } from './setting.ts';
import { withTrainKey } from './train-job.ts';
import type { TrainingRows } from './training-rows.ts';

/** Tokens of a text without a tokenizer, about: four characters each. */
const ROUGHLY = { model: null, count: (text: string): number => Math.ceil(text.length / 4) };

/** What the train jobs of a system depend on beside its stages. */
export interface TrainingPlan {
  readonly suite: string;
  readonly questions: Questions;
  readonly model: RunManifest['model'];
  readonly seed: number;
  /** All settings of the suite: labels show what tells a stage from others of its trainer. */
  readonly all: readonly Setting[];
  readonly rows: TrainingRows;
}

/**
 * The train jobs of a system with one setting, the first stage first.
 *
 * @throws InputError where a trainer cannot train on the questions, or a stage is of another backbone.
 */
export function planTrainings(setting: Setting, plan: TrainingPlan): PlannedTraining[] {
  const { suite, questions, model, seed, all } = plan;
  const { benchmark, selection, examples, sha256 } = questions;
  const { system, module, settings } = setting;
  const others = all.flatMap(({ stages }) => stages);
  const planned: PlannedTraining[] = [];
  for (const [at, stage] of setting.stages.entries()) {
    const before = planned.at(-1)?.job;
    const { backbone } = stage;
    if (backbone && backbone.hash !== model?.hash)
      throw new InputError(`system ${system.id}: expected the model ${backbone.id} (${backbone.hash.slice(0, 12)}), which its checkpoint is of, got ${model ? `${model.id} (${model.hash.slice(0, 12)})` : 'none'}`); // prettier-ignore
    const job = withTrainKey({
      format: 1,
      kind: 'train',
      suite,
      trainer: { id: stage.trainer.id, module },
      settings: { ...stage.settings },
      from: before ? { key: before.key, folder: folderOf(before) } : null,
      benchmark,
      selection,
      examples: { count: examples.length, sha256 },
      model,
      seed,
    });
    const rows = plan.rows.of(stage, examples, ROUGHLY);
    if (!(Number.isFinite(rows) && rows >= 0))
      throw new InputError(`trainer ${stage.trainer.id}: rows: expected a number of at least 0, got ${String(rows)}`);
    const asked = { system: module?.file ?? system.id, settings, stage: at };
    planned.push({ kind: 'train', job, label: labelOf(stage, others, plan), rows, asked });
  }
  return planned;
}

/** `train text steps=100 smollm2 seed=0`: of the settings, those that differ among the suite's stages of this trainer. */
function labelOf(
  { trainer, settings }: TrainingStage,
  others: readonly TrainingStage[],
  { model, seed }: TrainingPlan,
): string {
  const same = others.filter((other) => other.trainer.id === trainer.id);
  const telling = Object.entries(settings).filter(([key, value]) =>
    same.some((other) => canonicalJson(other.settings[key] ?? null) !== canonicalJson(value ?? null)),
  );
  const parts = ['train', trainer.id, ...settingTexts(Object.fromEntries(telling)), model?.id, `seed=${seed}`];
  return parts.filter((part) => part !== undefined).join(' ');
}
