import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findSystem } from '../../baselines/find-system.ts';
import { readLines } from '../files/read-lines.ts';
import { LINEAR_MODULES } from '../language-model/linear-modules.ts';
import { linearShape } from '../language-model/linear-shape.ts';
import type { ModelFiles } from '../language-model/model-files.ts';
import type { LastQuestions } from './last-questions.ts';
import type { PlannedTraining } from './planned-job.ts';
import { stagesOf } from './stages-of.ts';
import type { TrainingRows } from './training-rows.ts';

/** A step costs a forward pass more where blocks are recomputed: four instead of three times the forward pass. */
const RECOMPUTED = 4 / 3;

/** The settings that tell how long a training takes and what it leaves, where the trainer has them by these names. */
const settingsSchema = z.object({
  steps: z.int().positive().optional(),
  checkpointed: z.boolean().default(false),
  rank: z.int().positive().optional(),
  modules: z.array(z.enum(LINEAR_MODULES)).default([...LINEAR_MODULES]),
});

/** What a training takes. */
export interface TrainingEstimate {
  /** Rows that go through the decoder over the whole training. */
  readonly rows: number;
  /** Share of the steps that an interrupted run has done. */
  readonly done: number;
  /** Bytes of the weights that it leaves; 0 where it cannot be told. */
  readonly weightBytes: number;
  /** Milliseconds for what is left, by the time of a row. */
  readonly left: (rowMs: number) => number;
}

/** Says what a training takes, with the model's own tokenizer where there is one. */
export async function estimateTraining(
  { job, asked, rows: planned }: PlannedTraining,
  files: ModelFiles | undefined,
  folder: string,
  { questions, trainingRows }: { readonly questions: LastQuestions; readonly trainingRows: TrainingRows },
): Promise<TrainingEstimate> {
  const stage = stagesOf(await findSystem(asked.system), asked.settings)[asked.stage]!;
  const count = (text: string): number => files!.tokenizer.encode(text).length;
  const rows = files ? trainingRows.of(stage, await questions.of(job), { model: files.hash, count }) : planned;
  const known = settingsSchema.safeParse(job.settings);
  const { steps, checkpointed, rank, modules } = known.success ? known.data : settingsSchema.parse({});
  const done = steps === undefined ? 0 : Math.min(1, (await lastStep(folder)) / steps);
  const cost = checkpointed ? RECOMPUTED : 1;
  const sides = files ? modules.map((module) => linearShape(files.config, module)) : [];
  const perRank = sides.reduce((sum, { inside, out }) => sum + inside + out, 0);
  return {
    rows,
    done,
    weightBytes: files && rank ? 4 * rank * perRank * files.config.layers : 0,
    left: (rowMs) => (1 - done) * rows * rowMs * cost,
  };
}

/** The last step of the curve that an interrupted training has left. */
async function lastStep(folder: string): Promise<number> {
  const file = path.join(folder, 'curve.jsonl');
  if (!existsSync(file)) return 0;
  let step = 0;
  for await (const { text } of readLines(file)) {
    const found = /"step":(\d+)/.exec(text)?.[1];
    if (found) step = Number(found);
  }
  return step;
}
