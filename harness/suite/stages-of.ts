import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { functionMember } from '../import-default.ts';
import type { System } from '../system.ts';
import type { TrainingStage } from '../training/training-stage.ts';

/** A chain that is longer has a ring in it. */
const MAX_STAGES = 20;

const stageSchema = z.looseObject({
  trainer: z.looseObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9._/-]*$/i, 'expected letters, digits, dots, / and -'),
    train: functionMember,
    rows: functionMember,
  }),
  settings: z.record(z.string(), z.unknown()),
});

/**
 * The stages of a system's training, the first one first; none for a system that is not trained.
 *
 * @throws InputError where a user's module gives something else than stages.
 */
export function stagesOf(system: System, settings: Readonly<Record<string, unknown>>): TrainingStage[] {
  const stages: TrainingStage[] = [];
  for (let stage = system.training?.(settings) ?? null; stage; stage = stage.from ?? null) {
    const where = `system ${system.id}: training`;
    const checked = stageSchema.safeParse(stage);
    if (!checked.success) throw new InputError(describeIssues(checked.error, where));
    stages.unshift(stage);
    if (stages.length > MAX_STAGES) throw new InputError(`${where}: expected at most ${MAX_STAGES} stages, got more`);
  }
  return stages;
}
