/** A pre-tokenizer as tokenizer.json describes it. */
export interface PreTokenizerJson {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The contractions, words, digits and signs that GPT-2 cuts a text into before merging. */
const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
const CONTRACTIONS = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`;
/** Llama 3 (digits in threes) and Qwen 2 (digits alone). */
const words = (digits: string) =>
  `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
/** o200k, the pattern of GPT-4o and Phi-4-mini: words are cut before a capital. */
const UPPER = String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`;
const LOWER = String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`;
const O200K =
  `[^\\r\\n\\p{L}\\p{N}]?[${UPPER}]*[${LOWER}]+${CONTRACTIONS}?|[^\\r\\n\\p{L}\\p{N}]?[${UPPER}]+[${LOWER}]*${CONTRACTIONS}?` +
  `|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** Cuts at every match of a pattern; the matches and what lies between them are pieces. */
function split(pattern: string): PreTokenizerJson {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
}

function sequence(...pretokenizers: PreTokenizerJson[]): PreTokenizerJson {
  return { type: 'Sequence', pretokenizers };
}

const bytes: PreTokenizerJson = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };

/** Pre-tokenizers by the name that GGUF gives them (`tokenizer.ggml.pre`); the original tokenizers' own, not llama.cpp's approximations. */
export const ggufPreTokenizers: Readonly<Record<string, PreTokenizerJson>> = {
  default: sequence(split(GPT2), bytes),
  'gpt-2': sequence(split(GPT2), bytes),
  smollm: sequence(split(String.raw`\p{N}`), split(GPT2), bytes),
  'llama-bpe': sequence(split(words(String.raw`\p{N}{1,3}`)), bytes),
  qwen2: sequence(split(words(String.raw`\p{N}`)), bytes),
  'gpt-4o': sequence(split(O200K), bytes),
};

/**
 * The same pre-tokenizer in parts that @huggingface/tokenizers 0.2.0 runs exactly: its `Digits` cuts ASCII digits only (the original every \p{N}: ², ½, Ⅻ), and
 * its `ByteLevel` pattern takes JavaScript's \s (U+FEFF in, U+0085 out) for white space. Its `Split` is right in both.
 */
export function exactPreTokenizer(given: PreTokenizerJson): PreTokenizerJson {
  switch (given.type) {
    case 'Sequence':
      return { ...given, pretokenizers: (given.pretokenizers as PreTokenizerJson[]).map(exactPreTokenizer) };
    case 'Digits':
      return split(given.individual_digits ? String.raw`\p{N}` : String.raw`\p{N}+`);
    case 'ByteLevel':
      // With a prefix space the library's own order (space, then pattern) must stay.
      return given.use_regex === false || given.add_prefix_space
        ? given
        : sequence(split(GPT2), { ...given, use_regex: false });
    default:
      return given;
  }
}
