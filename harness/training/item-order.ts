import { deriveSeed } from './derive-seed.ts';
import { shuffled } from './shuffled.ts';
import type { TrainingSettings } from './training-settings.ts';

/** The order in which items are trained on: epoch after epoch without a gap, so that a batch may end one and begin the next. Depends on the number of items and the seed alone. */
export class ItemOrder {
  readonly #count: number;
  readonly #settings: Pick<TrainingSettings, 'batch' | 'order'>;
  readonly #seed: number;
  #epoch = -1;
  #places: readonly number[] = [];

  constructor(count: number, settings: Pick<TrainingSettings, 'batch' | 'order'>, seed: number) {
    this.#count = count;
    this.#settings = settings;
    this.#seed = seed;
  }

  /** Places of a step's items (steps from 1). */
  batch(step: number): number[] {
    const { batch } = this.#settings;
    return Array.from({ length: batch }, (_, i) => this.#at((step - 1) * batch + i));
  }

  #at(position: number): number {
    if (this.#settings.order === 'given') return position % this.#count;
    const epoch = Math.floor(position / this.#count);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#places = shuffled(this.#count, deriveSeed(this.#seed, epoch));
    }
    return this.#places[position % this.#count]!;
  }
}
