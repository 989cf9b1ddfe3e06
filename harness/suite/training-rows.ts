import type { Example } from '../../datasets/example.ts';
import type { Trainer, TrainingStage } from '../training/training-stage.ts';
import { canonicalJson } from './canonical-json.ts';

/** How tokens are counted: with a model's tokenizer (by its hash), or without one. */
interface Counting {
  readonly model: string | null;
  readonly count: (text: string) => number;
}

/** The rows of the stages of a suite, all of which train on the same questions (Trainer.rows): counted once for all seeds, and for all systems that share a stage. */
export class TrainingRows {
  readonly #known = new Map<Trainer, Map<string, number>>();

  /** As `Trainer.rows`. */
  of({ trainer, settings }: TrainingStage, examples: readonly Example[], { model, count }: Counting): number {
    const known = this.#known.get(trainer) ?? new Map<string, number>();
    this.#known.set(trainer, known);
    const key = canonicalJson([model, settings]);
    const rows = known.get(key) ?? trainer.rows(settings, examples, count);
    known.set(key, rows);
    return rows;
  }
}
