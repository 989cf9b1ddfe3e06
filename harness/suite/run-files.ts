import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readLines } from '../files/read-lines.ts';
import { sha256File } from '../files/sha256.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { predictionSchema, type Prediction } from '../prediction.ts';
import { JsonLinesLog } from '../store/json-lines-log.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import { failureSchema, type Failure } from '../system.ts';

const timingSchema = z.object({ id: z.string(), ms: predictionSchema.shape.ms.unwrap() });

const NAMES = { predictions: 'predictions.jsonl', timings: 'timings.jsonl', failures: 'failures.jsonl' } as const;
type Kind = keyof typeof NAMES;

/** One line kept: whose question, in which of the files. */
type Log = Pick<JsonLinesLog<unknown>, 'append' | 'sync' | 'close'>;

/** The results of a run as they come: `predictions.jsonl`, `timings.jsonl` and `failures.jsonl` in its folder. */
export class RunFiles {
  readonly #folder: string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #logs: Readonly<Record<Kind, Log>>;
  readonly #ids: Readonly<Record<Kind, Set<string>>>;

  private constructor(
    folder: string,
    places: ReadonlyMap<string, number>,
    logs: Readonly<Record<Kind, Log>>,
    ids: Readonly<Record<Kind, Set<string>>>,
  ) {
    this.#folder = folder;
    this.#places = places;
    this.#logs = logs;
    this.#ids = ids;
  }

  /**
   * Opens the files, or creates them. `order`: the ids of the job in the order in which its blocks answer them.
   *
   * @throws InputError at a line that is none of this job's.
   */
  static open(folder: string, order: readonly string[]): RunFiles {
    const places = new Map(order.map((id, place) => [id, place]));
    const ids = { predictions: new Set<string>(), timings: new Set<string>(), failures: new Set<string>() };
    const open = <T extends { readonly id: string }>(kind: Kind, schema: z.ZodType<T>): JsonLinesLog<T> => {
      const file = path.join(folder, NAMES[kind]);
      return JsonLinesLog.open(file, schema, ({ id }) => {
        if (!places.has(id))
          throw new InputError(
            `${file}: expected questions of this run, got ${JSON.stringify(id)}; remove ${folder} and run again`,
          );
        if (ids[kind].size === ids[kind].add(id).size)
          throw new InputError(
            `${file}: expected ${JSON.stringify(id)} once, got it again; remove ${folder} and run again`,
          );
      });
    };
    const logs = {
      predictions: open('predictions', predictionSchema),
      timings: open('timings', timingSchema),
      failures: open('failures', failureSchema),
    };
    return new RunFiles(folder, places, logs, ids);
  }

  /** Takes a run's failures away, so that their questions are asked again. */
  static async forgetFailures(folder: string): Promise<void> {
    await rm(path.join(folder, NAMES.failures), { force: true });
  }

  /** Whether nothing is to be done any more for a question. */
  settled(id: string): boolean {
    return this.#ids.failures.has(id) || (this.#ids.predictions.has(id) && this.#ids.timings.has(id));
  }

  get failures(): number {
    return this.#ids.failures.size;
  }

  /** Keeps a result; what is there already of it stays as it is. */
  record(result: Prediction | Failure): void {
    if (this.settled(result.id)) return;
    if ('error' in result) {
      // A prediction without its time, left by a kill, would make the question both answered and failed.
      if (!this.#ids.predictions.has(result.id)) this.#append('failures', result);
      else this.#append('timings', { id: result.id, ms: {} });
      return;
    }
    const { ms = {}, ...prediction } = result;
    this.#append('predictions', prediction);
    this.#append('timings', { id: result.id, ms });
  }

  /** Makes everything recorded so far durable. */
  sync(): void {
    for (const log of Object.values(this.#logs)) log.sync();
  }

  /** Closes the files and puts lines that came late (failures tried again) into their places. */
  async close(): Promise<{ files: RunManifest['files']; counts: RunManifest['counts'] }> {
    const hashes: Partial<Record<Kind, string>> = {};
    for (const kind of Object.keys(NAMES) as Kind[]) {
      this.#logs[kind].close();
      const file = path.join(this.#folder, NAMES[kind]);
      await this.#putInOrder(file, [...this.#ids[kind]]);
      hashes[kind] = await sha256File(file);
    }
    return {
      files: hashes as RunManifest['files'],
      counts: {
        questions: this.#places.size,
        predictions: this.#ids.predictions.size,
        failures: this.#ids.failures.size,
      },
    };
  }

  #append(kind: Kind, record: Failure | Omit<Prediction, 'ms'> | z.infer<typeof timingSchema>): void {
    if (this.#ids[kind].has(record.id)) return;
    this.#logs[kind].append(record);
    this.#ids[kind].add(record.id);
  }

  async #putInOrder(file: string, ids: readonly string[]): Promise<void> {
    const places = ids.map((id) => this.#places.get(id)!);
    if (places.every((place, at) => at === 0 || place > places[at - 1]!)) return;
    const lines: string[] = [];
    let at = 0;
    for await (const { text } of readLines(file)) lines[places[at++]!] = `${text}\n`;
    await writeAtomically(file, lines.join(''));
  }
}
