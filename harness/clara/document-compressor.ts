import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { GraphCache } from '../engine/graph-cache.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { sha256 } from '../files/sha256.ts';
import { disposeMerged, mergeAdapter } from '../language-model/merge-adapter.ts';
import type { LoraAdapter } from '../language-model/lora.ts';
import { padSequences } from '../language-model/packing.ts';
import { compressionVariables, type OwnedCompressionModel } from './create-compression-model.ts';
import type { HashedVectors } from './document-vectors.ts';
import { encode } from './encode.ts';
import { encoderBatch, encoderTensors, pooledBatch, type EncoderDocument } from './encoder-batch.ts';
import type { CompressionDocument } from './stages/compression-document.ts';

/** Texts that are compressed together. A batch is always this large, so that a text's vectors do not depend on how many others there are. */
const BATCH = 8;
/** Rows of a batch are a multiple of this. */
const ROWS = 16;

/** Compresses texts under one adapter, without gradients: the compressor's documents, the query reasoner's questions. */
export class TextCompressor {
  readonly #model: OwnedCompressionModel;
  readonly #adapter: LoraAdapter;
  readonly #merged: OwnedCompressionModel['weights'];
  readonly #graphs = new GraphCache();

  constructor(model: OwnedCompressionModel, adapter: LoraAdapter) {
    this.#model = model;
    this.#adapter = adapter;
    this.#merged = mergeAdapter(model.weights, adapter.blocks);
  }

  /** Yields each text's vectors [count, hidden] with its place among those given, those of like length together. */
  *compress(texts: readonly EncoderDocument[]): Generator<{ at: number; vectors: Float32Array; ms: number }> {
    const { compressor } = this.#model.settings;
    const rowsOf = ({ ids, count }: EncoderDocument): number =>
      Math.ceil((ids.length + (compressor === 'memory-tokens' ? count : 0)) / ROWS) * ROWS;
    const groups = new Map<string, number[]>();
    texts.forEach((text, at) => {
      // Of one count, too: the shapes of all that is computed are then the same.
      const key = `${rowsOf(text)}, ${text.count}`;
      const group = groups.get(key);
      if (group) group.push(at);
      else groups.set(key, [at]);
    });
    for (const group of groups.values()) {
      for (let from = 0; from < group.length; from += BATCH) {
        const places = group.slice(from, from + BATCH);
        const started = performance.now();
        const vectors = this.#batch(places.map((at) => texts[at]!));
        const ms = (performance.now() - started) / places.length;
        const size = vectors.length / BATCH;
        for (const [i, at] of places.entries()) yield { at, vectors: vectors.slice(i * size, (i + 1) * size), ms };
      }
    }
  }

  /** Vectors of BATCH texts of one number of rows; the last one stands in for those that are missing. */
  #batch(texts: readonly EncoderDocument[]): Float32Array {
    const { special, settings } = this.#model;
    const filled = Array.from({ length: BATCH }, (_, i) => texts[Math.min(i, texts.length - 1)]!);
    const layOut = settings.compressor === 'memory-tokens' ? encoderBatch : pooledBatch;
    const batch = layOut(filled, special, {
      lay: (lengths) => padSequences(lengths, ROWS),
      positions: settings.positions,
    });
    const tensors = encoderTensors(batch);
    try {
      const model = { ...this.#model, weights: this.#merged };
      const { shape } = batch.rows.layout;
      const run = (): Tensor[] => [tf.keep(tf.tidy(() => encode(model, batch, {}).vectors))];
      const [vectors] = this.#graphs.run(`${shape.rows}, ${filled[0]!.count}`, tensors, run);
      const values = vectors!.dataSync() as Float32Array;
      vectors!.dispose();
      return values;
    } finally {
      tf.dispose(tensors);
    }
  }

  dispose(): void {
    this.#graphs.dispose();
    disposeMerged(this.#merged, this.#adapter.blocks);
  }
}

/** SHA-256 of all that a document's vectors depend on beside the document: the compressor's weights and settings, and the backbone. */
export function compressorHash(model: OwnedCompressionModel, backbone: string): string {
  const { compressor, ratio, documentMaxLength, memory, positions, rank, alpha } = model.settings;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([2, backbone, compressor, ratio, documentMaxLength, memory, positions, rank, alpha]));
  const { encoder, memory: rows, tables } = compressionVariables(model);
  for (const { name, variable } of [...encoder, rows, ...tables]) {
    hash.update(name).update(variable.dataSync() as Float32Array);
  }
  return hash.digest('hex');
}

/** SHA-256 of what is read of a document, by which its vectors are kept. */
export function documentHash({ ids, count }: CompressionDocument): string {
  return sha256(JSON.stringify([ids, count]));
}

/** Documents' vectors for a VectorStore. */
export async function* compressDocuments<T extends CompressionDocument & { readonly hash: string }>(
  compressor: TextCompressor,
  documents: readonly T[],
): AsyncGenerator<HashedVectors> {
  for (const { at, vectors, ms } of compressor.compress(documents)) {
    const { hash, count, tokens, truncated } = documents[at]!;
    yield { hash, vectors, count, tokens, truncated, ms };
    await Promise.resolve();
  }
}
