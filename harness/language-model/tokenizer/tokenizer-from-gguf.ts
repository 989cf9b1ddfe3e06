import { z } from 'zod';
import { describeIssues } from '../../describe-issues.ts';
import { InputError } from '../../errors.ts';
import type { GgufFile } from '../weights/gguf.ts';
import { createTokenizer } from './create-tokenizer.ts';
import { ggufPreTokenizers } from './pre-tokenizers.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

const id = z.number().int().min(0);
const schema = z.object({
  model: z.enum(['gpt2', 'llama']),
  pre: z.string().default('default'),
  tokens: z.array(z.string()).min(1),
  token_type: z.array(z.number().int()).optional(),
  scores: z.array(z.number()).optional(),
  merges: z.array(z.string().regex(/^[^ ]+ [^ ]+$/, 'expected two tokens with a space between them')).optional(),
  add_space_prefix: z.boolean().default(true),
  bos_token_id: id.optional(),
  eos_token_id: id.optional(),
  eot_token_id: id.optional(),
  padding_token_id: id.optional(),
  unknown_token_id: id.optional(),
});
type Vocabulary = z.infer<typeof schema>;

const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const NORMAL = 1;
const PREFIX = 'tokenizer.ggml.';
const SPACE = '▁';

/**
 * The tokenizer in a GGUF file's metadata: byte-level BPE (`gpt2`) with the pre-tokenizers of `ggufPreTokenizers`, or SentencePiece BPE (`llama`).
 *
 * @throws InputError where a key is missing or wrong, or the kind is not supported.
 */
export function tokenizerFromGguf({ file, metadata }: GgufFile): Tokenizer {
  const keys: Record<string, unknown> = {};
  for (const [key, value] of metadata) if (key.startsWith(PREFIX)) keys[key.slice(PREFIX.length)] = value;
  const parsed = schema.safeParse(keys);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, `${file}: ${PREFIX}*`));
  const vocabulary = parsed.data;
  const { tokens, eos_token_id: end, eot_token_id: endOfTurn, padding_token_id: pad } = vocabulary;
  for (const [key, list] of [
    ['token_type', vocabulary.token_type],
    ['scores', vocabulary.scores],
  ] as const) {
    if (list && list.length !== tokens.length) {
      throw new InputError(`${file}: ${PREFIX}${key}: expected one a token (${tokens.length}), got ${list.length}`);
    }
  }
  const endIds = [...new Set([end, endOfTurn].filter((each) => each !== undefined))];
  for (const each of [...endIds, vocabulary.bos_token_id, pad, vocabulary.unknown_token_id]) {
    if (each !== undefined && each >= tokens.length) {
      throw new InputError(
        `${file}: a special token's id is ${each}; expected less than the number of tokens, ${tokens.length}`,
      );
    }
  }
  const json = vocabulary.model === 'gpt2' ? byteLevel(vocabulary, file) : sentencePiece(vocabulary, file);
  return createTokenizer(
    json,
    { endIds, beginId: vocabulary.bos_token_id ?? null, padId: pad ?? endIds[0] ?? 0 },
    file,
  );
}

function byteLevel(vocabulary: Vocabulary, file: string): TokenizerJson {
  const preTokenizer = ggufPreTokenizers[vocabulary.pre];
  if (!preTokenizer || !vocabulary.merges) {
    const known = Object.keys(ggufPreTokenizers).join(', ');
    throw new InputError(
      preTokenizer
        ? `${file}: expected ${PREFIX}merges, got none`
        : `${file}: ${PREFIX}pre: expected one of ${known}, got ${JSON.stringify(vocabulary.pre)}`,
    );
  }
  return {
    added_tokens: addedTokens(vocabulary),
    normalizer: vocabulary.pre === 'qwen2' ? { type: 'NFC' } : null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      unk_token: null,
      // A word of Llama 3's vocabulary is a token even where no merges lead to it.
      ignore_merges: vocabulary.pre === 'llama-bpe',
      vocab: byText(vocabulary.tokens),
      merges: vocabulary.merges,
    },
  };
}

/** SentencePiece merges the neighbours whose union has the best score; the same as BPE with all such pairs as merges, best score first. */
function sentencePiece(vocabulary: Vocabulary, file: string): TokenizerJson {
  const { tokens, scores, token_type: types } = vocabulary;
  if (!scores || !types) throw new InputError(`${file}: expected ${PREFIX}scores and ${PREFIX}token_type, got none`);
  const ids = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (types[index] === NORMAL) ids.set(token, index);
  });
  const merges: { left: string; right: string; score: number; order: number }[] = [];
  for (const [token, index] of ids) {
    const characters = [...token];
    for (let cut = 1; cut < characters.length; cut++) {
      const left = characters.slice(0, cut).join('');
      const right = characters.slice(cut).join('');
      const order = ids.get(left);
      if (order !== undefined && ids.has(right)) merges.push({ left, right, score: scores[index]!, order });
    }
  }
  merges.sort((a, b) => b.score - a.score || a.order - b.order);
  const space = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const prefixed = { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: SPACE }, space] };
  const decoders = [
    { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    ...(vocabulary.add_space_prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
  ];
  return {
    added_tokens: addedTokens(vocabulary),
    normalizer: vocabulary.add_space_prefix ? prefixed : space,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Sequence', decoders },
    model: {
      type: 'BPE',
      unk_token: tokens[vocabulary.unknown_token_id ?? types.indexOf(UNKNOWN)] ?? null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: byText(tokens),
      merges: merges.map(({ left, right }) => [left, right]),
    },
  };
}

function addedTokens({ tokens, token_type: types = [] }: Vocabulary): TokenizerJson['added_tokens'] {
  return tokens.flatMap((content, index) => {
    const type = types[index];
    if (content === '' || (type !== UNKNOWN && type !== CONTROL && type !== USER_DEFINED)) return [];
    return [
      {
        id: index,
        content,
        special: type !== USER_DEFINED,
        normalized: false,
        single_word: false,
        lstrip: false,
        rstrip: false,
      },
    ];
  });
}

function byText(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, index) => [token, index]));
}
