import { performance } from 'node:perf_hooks';
import { chooseDocuments, type DocumentChoice } from '../../baselines/choose-documents.ts';
import type { Example } from '../../datasets/example.ts';
import { tf } from '../engine/tensorflow.ts';
import { InputError } from '../errors.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import { generate, type Generator } from '../language-model/generate.ts';
import type { LanguageModel, Overlay } from '../language-model/language-model.ts';
import { disposeMerged, mergeAdapter } from '../language-model/merge-adapter.ts';
import { disposeSteps } from '../language-model/stepper.ts';
import { promptIds } from './answered-prompt.ts';
import { candidateTexts, CandidateVectors } from './candidate-vectors.ts';
import type { OwnedCompressionModel } from './create-compression-model.ts';
import { TextCompressor } from './document-compressor.ts';
import type { DocumentVectors } from './document-vectors.ts';
import { growWeights } from './grown-weights.ts';
import { instructionPrompt } from './instruction-prompt.ts';
import { paraphrasePrompt } from './pretraining-prompts.ts';
import { openCompressionModel } from './open-compression-model.ts';
import { compressionDocument } from './stages/compression-document.ts';
import type { VectorAnswer } from './vector-answer.ts';

/** How questions are answered from compressed documents. */
export interface AnsweringOptions {
  /** Candidates of a question. */
  readonly docs: DocumentChoice;
  /** The query reasoner ranks the candidates, and the generator gets the k best; null gives it all candidates as they are. */
  readonly k: number | null;
  /** False only ranks. */
  readonly generate: boolean;
  readonly maxNewTokens: number;
  readonly batch: number;
  readonly seed: number;
}

/** A question's candidates: their places among its documents, their vectors and (where they are ranked) their cosines. */
interface Candidates {
  readonly places: readonly number[];
  readonly vectors: readonly DocumentVectors[];
  readonly scores: readonly number[] | null;
}

/** Answers questions from compressed documents with a checkpoint of a compression system. */
export class VectorAnswering {
  readonly #model: OwnedCompressionModel;
  readonly #vectors: CandidateVectors;
  readonly #merged: DecoderWeights;
  readonly #grown: { weights: DecoderWeights; dispose: () => void };
  readonly #generator: Generator;
  readonly #questions: TextCompressor | null;

  private constructor(base: LanguageModel, model: OwnedCompressionModel, vectors: CandidateVectors) {
    this.#model = model;
    this.#vectors = vectors;
    this.#merged = mergeAdapter(model.weights, model.decoder.blocks);
    this.#grown = growWeights(this.#merged, model);
    this.#generator = {
      config: model.config,
      weights: this.#grown.weights,
      endIds: base.tokenizer.endIds,
      decodeIds: (ids) => model.tokenizer.decode(ids),
    };
    this.#questions = model.queryReasoner && new TextCompressor(model, model.queryReasoner);
  }

  /** Opens a checkpoint's folder, at its own ratio or another that it serves; document vectors are kept in the folder `cache`. @throws InputError where it is none, or of another model or ratio */
  static async open(base: LanguageModel, folder: string, cache: string, ratio?: number): Promise<VectorAnswering> {
    const { model } = await openCompressionModel(base, folder, ratio);
    return new VectorAnswering(base, model, await CandidateVectors.open(model, base.hash, cache));
  }

  /** Whether there is a query reasoner. */
  get ranks(): boolean {
    return this.#questions !== null;
  }

  /** Compresses all candidates of some questions that are not compressed yet. */
  async prepare(examples: readonly Example[], docs: DocumentChoice): Promise<void> {
    await this.#vectors.ensure(examples.flatMap((example) => candidateTexts(example, chooseDocuments(example, docs))));
  }

  /** Answers in the order of the examples. @throws InputError where the checkpoint has no query reasoner and k is given */
  async answer(examples: readonly Example[], options: AnsweringOptions): Promise<VectorAnswer[]> {
    const { docs, k } = options;
    await this.prepare(examples, docs);
    const read = await Promise.all(
      examples.map(async (example) => {
        const places = chooseDocuments(example, docs);
        const texts = candidateTexts(example, places);
        return { places, vectors: await Promise.all(texts.map((text) => this.#vectors.read(text))) };
      }),
    );
    const started = performance.now();
    const scores = k === null ? null : this.#scores(examples, read);
    const rank = (performance.now() - started) / examples.length;
    const candidates = read.map((one, at): Candidates => ({ ...one, scores: scores?.[at] ?? null }));
    const orders = candidates.map(({ places, scores }) => (scores ? bestFirst(scores) : places.map((_, i) => i)));
    const slots = candidates.map(({ vectors }, at) => orders[at]!.slice(0, k ?? Infinity).map((i) => vectors[i]!));
    const prompts = examples.map(({ question }, at) =>
      promptIds(
        this.#model,
        instructionPrompt(
          this.#model.tokenizer.withoutControlTokens(question),
          slots[at]!.map(({ count }) => count),
        ),
      ),
    );
    const generations = options.generate ? this.#generate(prompts, slots, options) : null;
    return candidates.map(({ places, vectors, scores }, at) => {
      const generation = generations?.[at];
      const order = orders[at]!;
      return {
        text: generation?.text ?? '',
        ranking: scores && order.map((i) => places[i]!),
        scores: scores && order.map((i) => scores[i]!),
        selected: order.slice(0, k ?? Infinity).map((i) => places[i]!),
        tokens: {
          // What was cut off is in no vector: it would make the measured ratio look better than it is.
          source: total(slots[at]!, 'tokens') - total(slots[at]!, 'truncated'),
          vectors: total(slots[at]!, 'count'),
          prompt: prompts[at]!.length,
          output: generation?.ids.length ?? 0,
          truncated: total(slots[at]!, 'truncated'),
        },
        ms: { compress: total(vectors, 'ms'), rank, prefill: 0, decode: 0, ...generation?.ms },
      };
    });
  }

  /** What the generator writes of single texts when it is asked for a paraphrase of their vectors: shows what the vectors hold. */
  async reconstruct(
    texts: readonly string[],
    options: Pick<AnsweringOptions, 'maxNewTokens' | 'batch' | 'seed'>,
  ): Promise<{ text: string; vectors: number }[]> {
    await this.#vectors.ensure(texts);
    const slots = await Promise.all(texts.map(async (text) => [await this.#vectors.read(text)]));
    const prompts = slots.map(([document]) => promptIds(this.#model, paraphrasePrompt(document!.count, 0)));
    const generations = this.#generate(prompts, slots, options);
    return generations.map(({ text }, at) => ({ text, vectors: slots[at]![0]!.count }));
  }

  /** Cosines of each question with its candidates. */
  #scores(examples: readonly Example[], candidates: readonly Pick<Candidates, 'vectors'>[]): number[][] {
    if (!this.#questions) {
      throw new InputError(
        'ranking needs a query reasoner, and the checkpoint has none: train it end to end, or give k: null',
      );
    }
    const questions = examples.map(({ question }) => compressionDocument(question, this.#model, this.#model.settings));
    const scores = new Array<number[]>(examples.length);
    for (const { at, vectors } of this.#questions.compress(questions)) {
      scores[at] = candidates[at]!.vectors.map((candidate) => cosine(vectors, candidate.vectors));
    }
    return scores;
  }

  /** Continues prompts in which each memory token stands for a vector of the documents in the slots. */
  #generate(
    prompts: readonly (readonly number[])[],
    slots: readonly (readonly DocumentVectors[])[],
    { maxNewTokens, batch, seed }: Pick<AnsweringOptions, 'maxNewTokens' | 'batch' | 'seed'>,
  ): ReturnType<typeof generate> {
    const { special, config } = this.#model;
    const isMemory = (id: number): boolean => id >= special.first && id < special.first + special.memory;
    const overlays = prompts.map((ids, at): Overlay => {
      const positions = ids.flatMap((id, position) => (isMemory(id) ? [position] : []));
      const values = new Float32Array(positions.length * config.hiddenSize);
      let from = 0;
      for (const { vectors } of slots[at]!) {
        values.set(vectors, from);
        from += vectors.length;
      }
      return { positions, vectors: tf.tensor2d(values, [positions.length, config.hiddenSize]) };
    });
    try {
      return generate(this.#generator, prompts, { maxNewTokens, batch, seed, overlays });
    } finally {
      for (const { vectors } of overlays) vectors.dispose();
    }
  }

  /** Frees everything but the backbone. */
  dispose(): void {
    disposeSteps(this.#generator);
    this.#grown.dispose();
    disposeMerged(this.#merged, this.#model.decoder.blocks);
    this.#questions?.dispose();
    this.#model.dispose();
  }
}

function total(documents: readonly DocumentVectors[], value: 'tokens' | 'count' | 'truncated' | 'ms'): number {
  return documents.reduce((sum, document) => sum + document[value], 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  return product / (Math.max(Math.sqrt(squareA), 1e-12) * Math.max(Math.sqrt(squareB), 1e-12));
}

/** Places of the scores, greatest first; of equal ones the first. */
function bestFirst(scores: readonly number[]): number[] {
  return scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
