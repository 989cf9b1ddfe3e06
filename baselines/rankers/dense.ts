import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { expected } from '../../harness/expected.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { writeAtomically } from '../../harness/files/write-atomically.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import { documentText } from '../../harness/prompt.ts';
import { firstTokens } from '../first-tokens.ts';
import { checkSettings } from '../settings.ts';
import { documentTokensSetting } from './document-tokens.ts';
import { POOLINGS, type Pooling } from './pooling.ts';
import { rankByScore } from './rank-by-score.ts';
import { rankingSystem } from './ranking-system.ts';

const PLACE = '{text}';
const template = z
  .string(expected(`a text with ${PLACE} in it`))
  .refine((given) => given.split(PLACE).length === 2, expected(`a text with ${PLACE} in it, once`))
  .default(PLACE);
const schema = z.strictObject({
  documentTokens: documentTokensSetting,
  pooling: z.enum(POOLINGS, expected(POOLINGS.join(' or '))).default('mean'),
  /** What stands around a question, and around a document (`title: text`), control tokens of the model included: instructions and end tokens of embedding models. */
  questionTemplate: template,
  documentTemplate: template,
});

/** The vectors of a job's documents, by their texts. */
type DocumentVectors = ReadonlyMap<string, Float32Array>;

/**
 * Cosine of two vectors that the model makes of question and document apart (Karpukhin et al., 2020, arXiv 2004.04906), without training here. By default the mean of the
 * hidden states after the final norm; with a backbone that was made to generate, this is what it knows of likeness and no more: name a model that was trained to embed (in the
 * suite: the system's `models`) for more, with its own pooling and templates. Qwen3-Embedding, say, takes `last`, documents as `{text}<|endoftext|>` and questions as
 * `Instruct: ...\nQuery:{text}<|endoftext|>`. Vectors of documents are made before the questions are asked, as an index is; its milliseconds are the question's alone.
 */
export const dense = rankingSystem<DocumentVectors>({
  id: 'dense',
  description: 'ranks the documents by the cosine of pooled hidden states of the model (time: the question alone)',
  settings,
  async prepare(examples, context) {
    const { documentTokens, pooling, documentTemplate } = settings(context.settings);
    const model = await context.model();
    const texts = [...new Set(examples.flatMap(({ docs }) => docs.map(documentText)))];
    // All of a job at once, and kept: a resumed job must not compute some of them in other company, which may change the last digit.
    const key = sha256(JSON.stringify([model.hash, documentTokens, pooling, documentTemplate, texts]));
    const file = path.join(context.cache, `dense-${key.slice(0, 32)}.f32`);
    const size = model.config.hiddenSize;
    let vectors = await keptVectors(file, texts.length * size);
    if (!vectors) {
      vectors = await embed(texts, documentTemplate, model, pooling, documentTokens);
      await writeAtomically(file, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    }
    return new Map(texts.map((text, at) => [text, vectors.subarray(at * size, (at + 1) * size)]));
  },
  async rank(examples, context, documents) {
    const started = performance.now();
    const { pooling, questionTemplate } = settings(context.settings);
    const model = await context.model();
    const size = model.config.hiddenSize;
    const questions = await embed(examples.map(({ question }) => question), questionTemplate, model, pooling); // prettier-ignore
    const rankings = examples.map(({ docs }, at) => {
      const question = questions.subarray(at * size, (at + 1) * size);
      return rankByScore(docs.map((document) => product(question, documents.get(documentText(document))!)));
    });
    const ms = (performance.now() - started) / examples.length;
    return rankings.map((ranking) => ({ ranking, ms }));
  },
});

async function embed(
  texts: readonly string[],
  template: string,
  model: LanguageModel,
  pooling: Pooling,
  limit = model.config.contextLength,
): Promise<Float32Array> {
  const { embedTexts } = await import('./embed-texts.ts');
  const { tokenizer, config } = model;
  const [before = '', after = ''] = template.split(PLACE);
  const around = tokenizer.encode(before).length + tokenizer.encode(after).length;
  const most = Math.min(limit, config.contextLength - around);
  const sequences = texts.map((text) => {
    const ids = tokenizer.encode(
      `${before}${firstTokens(tokenizer.withoutControlTokens(text), most, tokenizer)}${after}`,
    );
    // A text of characters that the model has no tokens for.
    return ids.length > 0 ? ids : [tokenizer.padId];
  });
  return embedTexts(model, sequences, pooling);
}

/** Vectors of an earlier session or of another job; undefined where there are none that are whole. */
async function keptVectors(file: string, count: number): Promise<Float32Array | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes?.byteLength !== count * Float32Array.BYTES_PER_ELEMENT) return undefined;
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

function settings(given: Readonly<Record<string, unknown>>) {
  return checkSettings('dense', schema, given);
}
