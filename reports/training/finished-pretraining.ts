import type { z } from 'zod';
import { FINISHED_PRETRAINING, finishedSettings } from '../../harness/clara/finished-pretraining.ts';
import type { Training } from './find-trainings.ts';

/** What a stage says of the finished pretraining that it took over; undefined for one that was trained. */
function takenOver({
  manifest: { trainer, settings },
}: Training): z.infer<typeof finishedSettings>['checkpoint'] | undefined {
  const parsed = finishedSettings.safeParse(settings);
  return trainer.id === FINISHED_PRETRAINING && parsed.success ? parsed.data.checkpoint : undefined;
}

/** Training questions of a stage; of one that was taken over finished those of its own training, null where it does not say. */
export function questionCount(training: Training): number | null {
  const checkpoint = takenOver(training);
  return checkpoint ? (checkpoint.made?.questions ?? null) : training.manifest.examples.count;
}

/** Says of each stage that was not trained in these runs but taken over finished where it comes from and how it was made. */
export function finishedPretrainings(trainings: readonly Training[]): string[] {
  const texts = trainings.flatMap((training) => {
    const checkpoint = takenOver(training);
    if (!checkpoint) return [];
    const { name, shipped, weights, made } = checkpoint;
    const { steps } = training.manifest.settings;
    const how = made
      ? `${typeof steps === 'number' ? `${steps} steps on ` : ''}${made.questions} questions of ${made.benchmark}, seed ${made.seed}, ${made.tokens} tokens${made.loss === null ? '' : `, loss ${made.loss.toFixed(3)} at the end`}`
      : 'it does not say how it was trained';
    return [`Compression pretraining was not done in these runs: ${name} ${shipped ? 'came with the program' : 'came finished from a folder'} (${how}; weights SHA-256 ${weights}).`]; // prettier-ignore
  });
  return [...new Set(texts)];
}
