import { performance } from 'node:perf_hooks';
import { argMaxRows, concat, gatherRows, matMul } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { InputError } from '../errors.ts';
import type { BlockAdapter } from './block-projection.ts';
import { decode, finalNorm } from './decoder.ts';
import type { DecoderWeights } from './decoder-weights.ts';
import { KeyValueCache } from './key-value-cache.ts';
import type { Generation, GenerateOptions, Overlay } from './language-model.ts';
import type { ModelConfig } from './model-config.ts';
import { Stepper } from './stepper.ts';
import { sampler } from './sample.ts';

/** Prompt tokens that go through the blocks at once: more is not faster, and this bounds the memory whatever the batch. */
const PREFILL_TOKENS = 4096;

/** A model as generation needs it. */
export interface Generator {
  readonly config: ModelConfig;
  readonly weights: DecoderWeights;
  readonly adapter?: readonly BlockAdapter[];
  readonly endIds: readonly number[];
  decodeIds(ids: readonly number[]): string;
}

/**
 * Continues prompts of any lengths: sorted by length, in batches, with a key/value cache; a row stops at its end token, a batch when all its rows have.
 * Results come in the order of the prompts and do not depend on the batch size.
 *
 * @throws InputError where a prompt is empty or does not fit into the context with the tokens asked for
 */
export function generate(
  model: Generator,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Generation[] {
  const { maxNewTokens, batch = 16 } = options;
  const problems = prompts.flatMap((prompt, i) =>
    prompt.length === 0
      ? [`prompt ${i}: expected at least one token, got none`]
      : prompt.length + maxNewTokens > model.config.contextLength
        ? [
            `prompt ${i}: expected at most ${model.config.contextLength - maxNewTokens} tokens (a context of ${model.config.contextLength} less ${maxNewTokens} new ones), got ${prompt.length}`,
          ]
        : [],
  );
  if (problems.length > 0) throw new InputError(problems);
  const order = prompts.map((_, i) => i).sort((a, b) => prompts[b]!.length - prompts[a]!.length || a - b);
  const results = new Array<Generation>(prompts.length);
  for (let from = 0; from < order.length; from += batch) {
    const rows = order.slice(from, from + batch);
    const overlays = options.overlays && rows.map((i) => options.overlays![i]!);
    const batchPrompts = rows.map((i) => prompts[i]!);
    generateBatch(model, batchPrompts, { ...options, overlays }).forEach((result, i) => (results[rows[i]!] = result));
  }
  return results;
}

/** One batch, longest prompt first. */
function generateBatch(
  model: Generator,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Generation[] {
  const { config } = model;
  const endIds = new Set(options.endIds ?? model.endIds);
  const choose = sampler(options);
  // A row's random numbers depend on its prompt and the seed, so that neither the batch nor its other prompts have a say.
  const numbers = prompts.map(promptNumber);
  const longest = Math.max(...prompts.map((prompt) => prompt.length));
  const cache = new KeyValueCache(config, prompts.length, longest + options.maxNewTokens);
  const stepper = new Stepper(model, cache);
  const started = performance.now();
  const output = prompts.map((): number[] => []);
  const running = prompts.map(() => true);
  try {
    let tokens = nextTokens(prefill(model, prompts, cache, options.overlays), numbers, output, choose);
    const prefilled = performance.now();
    for (let step = 1; ; step++) {
      tokens.forEach((token, row) => {
        if (!running[row]) return;
        output[row]!.push(token);
        if (endIds.has(token)) running[row] = false;
      });
      if (step === options.maxNewTokens || !running.includes(true)) break;
      const positions = prompts.map((prompt) => prompt.length + step - 1);
      tokens = nextTokens(stepper.step(tokens, positions), numbers, output, choose);
    }
    const finished = performance.now();
    const ms = { prefill: (prefilled - started) / prompts.length, decode: (finished - prefilled) / prompts.length };
    return output.map((ids, row) => ({
      ids,
      text: model.decodeIds(ids),
      stopped: running[row] ? 'length' : 'end',
      ms,
    }));
  } finally {
    stepper.dispose();
    cache.dispose();
  }
}

/** Runs the prompts through the blocks, fills the cache, and returns the logits [batch, vocabulary] after each prompt's last token. */
function prefill(
  model: Generator,
  prompts: readonly (readonly number[])[],
  cache: KeyValueCache,
  overlays?: readonly Overlay[],
): Tensor {
  return tf.tidy(() => {
    const last: Tensor[] = [];
    let from = 0;
    while (from < prompts.length) {
      const rows = prompts[from]!.length; // Prompts are sorted, so the first is the longest.
      const count = Math.min(prompts.length - from, Math.max(1, Math.floor(PREFILL_TOKENS / rows)));
      const first = from;
      const part = prompts.slice(from, from + count);
      const over = overlays?.slice(from, from + count);
      last.push(tf.tidy(() => prefillPart(model, part, first, cache, over)));
      from += count;
    }
    return headLogits(model, last.length === 1 ? last[0]! : tf.concat(last, 0));
  });
}

/** Hidden states [prompts, hidden] at the last token of some prompts, the first of which is sequence `first` of the cache. */
function prefillPart(
  model: Generator,
  prompts: readonly (readonly number[])[],
  first: number,
  cache: KeyValueCache,
  overlays?: readonly Overlay[],
): Tensor {
  const { config, weights, adapter } = model;
  const shape = { batch: prompts.length, rows: prompts[0]!.length };
  const padded = prompts.flatMap((prompt) => [...prompt, ...new Array<number>(shape.rows - prompt.length).fill(0)]);
  const ids = tf.tensor1d(padded, 'int32');
  const ends = tf.tensor1d(prompts.map((prompt, i) => i * shape.rows + prompt.length - 1), 'int32'); // prettier-ignore
  const places = prompts.flatMap((_, i) => Array.from({ length: shape.rows }, (_, position) => ({ sequence: first + i, position }))); // prettier-ignore
  const slots = cache.slots(places);
  const embedded = gatherRows(weights.embedding, ids);
  const hidden = decode(config, weights, overlays ? overlay(embedded, overlays, shape.rows) : embedded, shape, {
    adapter,
    onKeysAndValues: (block, keys, values) => cache.write(block, slots, keys, values),
  });
  return gatherRows(hidden, ends);
}

/** Embeddings [prompts * rows, hidden] with the prompts' vectors at their places. */
function overlay(embedded: Tensor, overlays: readonly Overlay[], rows: number): Tensor {
  const order = Int32Array.from({ length: embedded.shape[0] }, (_, row) => row);
  let next = order.length;
  overlays.forEach(({ positions }, prompt) => {
    for (const position of positions) order[prompt * rows + position] = next++;
  });
  const vectors = overlays.filter(({ positions }) => positions.length > 0).map(({ vectors }) => vectors);
  return gatherRows(concat([embedded, ...vectors], 0), tf.tensor1d(order, 'int32'));
}

/** Logits [rows, vocabulary] of hidden states before the final norm, which are freed. */
function headLogits({ config, weights }: Generator, hidden: Tensor): Tensor {
  const logits = tf.tidy(() => matMul(finalNorm(config, weights, hidden), weights.head, false, true));
  hidden.dispose();
  return logits;
}

/** Chooses each row's next token and frees the logits. */
function nextTokens(
  logits: Tensor,
  numbers: readonly number[],
  output: readonly (readonly number[])[],
  choose: ReturnType<typeof sampler>,
): number[] {
  try {
    if (!choose) return [...tf.tidy(() => argMaxRows(logits).dataSync())];
    const vocabulary = logits.shape[1]!;
    const values = logits.dataSync() as Float32Array;
    return numbers.map((number, row) =>
      choose(values.subarray(row * vocabulary, (row + 1) * vocabulary), number, output[row]!.length),
    );
  } finally {
    logits.dispose();
  }
}

/** A number of 32 bits from a prompt's token ids (FNV-1a). */
function promptNumber(prompt: readonly number[]): number {
  return prompt.reduce((hash, id) => Math.imul(hash ^ id, 0x01000193), 0x811c9dc5 | 0);
}
