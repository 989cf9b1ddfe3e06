import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readJson } from '../files/read-json.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { JsonLinesLog } from '../store/json-lines-log.ts';
import { CURVE, curveLineSchema, type CurveLine } from './curve.ts';
import { loadVariables } from './load-variables.ts';
import { saveVariables } from './save-variables.ts';
import type { NamedVariable } from './trainable.ts';

/** Name of the file of a finished training's weights. */
const WEIGHTS = 'weights.safetensors';

const MANIFEST = 'checkpoint.json';
const MAX_MANIFEST_BYTES = 1 << 16;
/** Files of the loop's own, and what a killed process leaves of them and of the weights. */
const OWN =
  /^(?:(?:checkpoint|best)-\d+\.safetensors|(?:(?:checkpoint|best)-\d+|weights)\.safetensors\..*\.part|checkpoint\.json(?:\..*\.part)?)$/;

const count = z.int().nonnegative();
const checkpointSchema = z.strictObject({
  format: z.literal(1),
  /** SHA-256 of all that the training depends on: a checkpoint of another one is refused. */
  settings: z.string(),
  step: count,
  optimiserSteps: count,
  /** Length of curve.jsonl at that step; what stands behind is of steps that are taken again. */
  curveBytes: count,
  /** The least validation loss so far, the file that has the weights of it, and the validations since. */
  best: z.strictObject({ step: count, loss: z.number(), since: count }).nullable(),
});

/** Where a training stands after a step, beside the values of its variables. */
export type TrainingState = Pick<z.infer<typeof checkpointSchema>, 'step' | 'optimiserSteps' | 'best'>;

/**
 * The files of one training: `curve.jsonl`, the last checkpoint (`checkpoint.json`, renamed into place last, and `checkpoint-STEP.safetensors`), the weights of the best validation
 * (`best-STEP.safetensors`), and at the end `weights.safetensors` in place of the last three. A kill at any moment leaves the checkpoint before or the new one, whole.
 */
export class TrainingFolder {
  readonly #folder: string;
  readonly #settings: string;
  #curve: JsonLinesLog<CurveLine> | undefined;
  /** Steps whose files the manifest on the disk names. */
  #saved: TrainingState | undefined;

  private constructor(folder: string, settings: string) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /**
   * Opens a training's folder, and removes what a killed process left half done.
   *
   * @param settings SHA-256 of all that the training depends on
   * @throws InputError where there is a checkpoint of another training, or one whose files are gone
   */
  static async open(folder: string, settings: string): Promise<TrainingFolder> {
    await makeFolder(folder);
    const opened = new TrainingFolder(folder, settings);
    const manifest = opened.#path(MANIFEST);
    if (opened.finished()) {
      opened.#removeAllBut([]);
      return opened;
    }
    const curve = opened.#path(CURVE);
    let curveBytes = 0;
    if (existsSync(manifest)) {
      const saved = await readJson(manifest, checkpointSchema, MAX_MANIFEST_BYTES);
      if (saved.settings !== settings) {
        throw new InputError(
          `${manifest}: expected a checkpoint of the training ${settings}, got one of ${saved.settings}; remove ${folder} and run again`,
        );
      }
      ({ curveBytes } = saved);
      opened.#saved = saved;
    }
    const length = statSync(curve, { throwIfNoEntry: false })?.size ?? 0;
    if (length < curveBytes) {
      throw new InputError(
        `${curve}: expected at least ${curveBytes} bytes, as ${MANIFEST} says, got ${length}; remove ${folder} and run again`,
      );
    }
    if (length > curveBytes) truncateSync(curve, curveBytes);
    opened.#curve = JsonLinesLog.open(curve, curveLineSchema, () => undefined);
    opened.#clean();
    return opened;
  }

  /** Whether the training has come to its end. */
  finished(): boolean {
    return existsSync(this.#path(WEIGHTS));
  }

  /** Where the last checkpoint stands; undefined before the first. */
  get saved(): TrainingState | undefined {
    return this.#saved;
  }

  /** Reads the last checkpoint's values into variables of the same names. */
  async load(variables: readonly NamedVariable[]): Promise<void> {
    await loadVariables(this.#path(checkpointFile(this.#saved!.step)), variables);
  }

  append(line: CurveLine): void {
    this.#curve!.append(line);
  }

  /** Makes a checkpoint; the one before is removed once it stands. */
  async save(state: TrainingState, variables: readonly NamedVariable[]): Promise<void> {
    if (state.step === (this.#saved?.step ?? 0)) return;
    await saveVariables(this.#path(checkpointFile(state.step)), variables);
    this.#curve!.sync();
    const { step, optimiserSteps, best } = state;
    const manifest: z.infer<typeof checkpointSchema> = {
      ...{ format: 1, settings: this.#settings, step, optimiserSteps },
      ...{ curveBytes: statSync(this.#path(CURVE)).size, best },
    };
    await writeAtomically(this.#path(MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    this.#saved = state;
    this.#clean();
  }

  /** Keeps the weights of the best validation. Those before go, unless the last checkpoint, which a killed training begins from again, needs them. */
  async saveBest(step: number, variables: readonly NamedVariable[]): Promise<void> {
    await saveVariables(this.#path(bestFile(step)), variables);
    this.#clean(step);
  }

  /** Ends the training with the weights of the best validation, or where there was none with those given. */
  async finish(best: number | undefined, variables: readonly NamedVariable[]): Promise<void> {
    this.close();
    if (best === undefined) await saveVariables(this.#path(WEIGHTS), variables);
    else await rename(this.#path(bestFile(best)), this.#path(WEIGHTS));
    this.#removeAllBut([]);
  }

  /** Reads the finished weights into variables of the same names. */
  async loadFinished(variables: readonly NamedVariable[]): Promise<void> {
    await loadVariables(this.#path(WEIGHTS), variables);
  }

  /** Closes the files, at whatever step. */
  close(): void {
    this.#curve?.close();
    this.#curve = undefined;
  }

  #clean(best?: number): void {
    const saved = this.#saved;
    const needed = [
      ...(saved ? [MANIFEST, checkpointFile(saved.step)] : []),
      ...(saved?.best ? [bestFile(saved.best.step)] : []),
      ...(best === undefined ? [] : [bestFile(best)]),
    ];
    this.#removeAllBut(needed);
  }

  #removeAllBut(needed: readonly string[]): void {
    // The manifest first: it must not name what is gone.
    const names = readdirSync(this.#folder).filter((name) => OWN.test(name) && !needed.includes(name));
    for (const name of names.sort((a, b) => Number(b === MANIFEST) - Number(a === MANIFEST)))
      rmSync(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return path.join(this.#folder, name);
  }
}

function checkpointFile(step: number): string {
  return `checkpoint-${step}.safetensors`;
}

function bestFile(step: number): string {
  return `best-${step}.safetensors`;
}
