import { groupBy } from '../group-by.ts';
import type { Training, TrainingChain } from './find-trainings.ts';

/** A stage in words: `end to end` of `clara/end-to-end`, `text lora` of `text/lora`. */
function stageName({ manifest }: Training): string {
  return manifest.trainer.id.replace(/^clara\//, '').replace(/[-_/]+/g, ' ');
}

/** The stages of a system's training in words: `pretraining → instruction → end to end`. */
export function chainText({ stages, missing }: TrainingChain): string {
  return [...(missing === null ? [] : [`(${missing}, not beside the run)`]), ...stages.map(stageName)].join(' → ');
}

/** A stage's nominal ratio as `16×`; undefined where it has none. */
export function ratioText({ ratio }: Training): string | undefined {
  return ratio === null ? undefined : `${ratio}×`;
}

/** A short name for each training, that tells it from the others given: its ratio, else the first system that it serves, else that with the beginning of its key. */
export function lineNames(trainings: readonly Training[]): string[] {
  const candidates: ((training: Training) => string | undefined)[] = [ratioText, ({ systems }) => systems[0]];
  for (const name of candidates) {
    const names = trainings.map(name);
    if (names.every((text) => text !== undefined) && groupBy(names, (text) => text).size === names.length) return names;
  }
  return trainings.map(({ systems, manifest }) => `${manifest.key.slice(0, 6)} ${systems[0]}`);
}
