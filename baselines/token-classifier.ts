import path from 'node:path';
import { InputError, MachineError } from '../harness/errors.ts';
import { cachedSha256 } from '../harness/files/cached-sha256.ts';
import { readJson } from '../harness/files/read-json.ts';
import { createTokenizer } from '../harness/language-model/tokenizer/create-tokenizer.ts';
import { tokenizerJsonSchema, type TokenizerJson } from '../harness/language-model/tokenizer/tokenizer-json.ts';

/** An encoder that says of each word of a text how likely it must stay. */
export interface TokenClassifier {
  /** Probability of each word, the mean over its tokens. */
  probabilities(words: readonly string[]): Promise<number[]>;
}

/** What is used of onnxruntime-node, which is no dependency: its binaries have some 290 MB, for this one system. */
interface OnnxRuntime {
  readonly InferenceSession: { create(file: string): Promise<OnnxSession> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, object>>): Promise<Record<string, { readonly data: Float32Array }>>;
}

/** By a name that the compiler does not follow. */
const RUNTIME: string = 'onnxruntime-node';
/** Tokens of XLM-RoBERTa's context, begin and end token aside. */
const MAX_TOKENS = 510;
const MAX_TOKENIZER_BYTES = 64 << 20;

/**
 * Opens a folder with a classifier of two labels (drop, keep) exported to ONNX, `model.onnx`, and its `tokenizer.json` (Unigram, as XLM-RoBERTa's).
 *
 * @param sha256 what model.onnx must have
 * @throws InputError where a file is missing or another. MachineError where onnxruntime-node is not installed.
 */
export async function openTokenClassifier(folder: string, sha256: string): Promise<TokenClassifier> {
  const file = path.join(folder, 'model.onnx');
  const got = await cachedSha256(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: expected a token classifier in ONNX, got ${error.code ?? error.message}`);
  });
  if (got !== sha256) throw new InputError(`${file}: expected SHA-256 ${sha256} (classifierSha256), got ${got}`);
  const place = path.join(folder, 'tokenizer.json');
  const json = await readJson(place, tokenizerJsonSchema, MAX_TOKENIZER_BYTES);
  const [begin, end] = [controlId(json, '<s>', place), controlId(json, '</s>', place)];
  const tokenizer = createTokenizer(json, { endIds: [end], beginId: begin, padId: end }, place);
  const { InferenceSession, Tensor } = await onnxRuntime();
  const session = await InferenceSession.create(file).catch((error: unknown) => {
    throw new InputError(`${file}: expected an ONNX model, got: ${(error as Error).message}`, { cause: error });
  });

  /** Probability of `keep` for each token. */
  const ofTokens = async (tokens: readonly number[]): Promise<number[]> => {
    const ids = [begin, ...tokens, end];
    const tensor = (values: readonly number[]): object =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds = { input_ids: tensor(ids), attention_mask: tensor(ids.map(() => 1)) };
    const result = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => session.inputNames.includes(name)))); // prettier-ignore
    const { data } = result[session.outputNames[0]!]!;
    if (data.length !== 2 * ids.length) {
      throw new InputError(`${file}: expected ${ids.length} tokens of two labels, got ${data.length} values`);
    }
    return tokens.map((_, i) => 1 / (1 + Math.exp(data[2 * (i + 1)]! - data[2 * (i + 1) + 1]!)));
  };

  return {
    probabilities: async (words) => {
      const pieces = words.map((word) => tokenizer.encode(word).slice(0, MAX_TOKENS));
      const result: number[] = [];
      while (result.length < words.length) {
        const first = result.length;
        let tokens = 0;
        let last = first;
        while (last < words.length && tokens + pieces[last]!.length <= MAX_TOKENS) tokens += pieces[last++]!.length;
        const part = pieces.slice(first, last);
        const values = await ofTokens(part.flat());
        let at = 0;
        for (const { length } of part) {
          const own = values.slice(at, (at += length));
          result.push(own.reduce((sum, value) => sum + value, 0) / Math.max(1, length));
        }
      }
      return result;
    },
  };
}

async function onnxRuntime(): Promise<OnnxRuntime> {
  try {
    const runtime = (await import(RUNTIME)) as OnnxRuntime & { readonly default?: OnnxRuntime };
    return runtime.default ?? runtime;
  } catch (error) {
    throw new MachineError(
      `llmlingua-2: expected the package ${RUNTIME} (npm install ${RUNTIME} --no-save --ignore-scripts), got: ${(error as Error).message.split('\n')[0]}`,
      { cause: error },
    );
  }
}

function controlId({ added_tokens: added }: TokenizerJson, content: string, where: string): number {
  const token = added.find((each) => each.content === content);
  if (!token) throw new InputError(`${where}: expected an added token ${content}, as XLM-RoBERTa has, got none`);
  return token.id;
}
