import { Tokenizer as Encoder } from '@huggingface/tokenizers';
import { InputError } from '../../errors.ts';
import { controlTokenEscaper } from './control-token-escaper.ts';
import { exactPreTokenizer } from './pre-tokenizers.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/** Ids that a tokenizer.json does not name. */
export interface TokenizerIds {
  readonly endIds: readonly number[];
  readonly beginId: number | null;
  readonly padId: number;
}

/** An added token that takes nothing of the text around it. */
const PLAIN_TOKEN = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Words, digits, signs, white space, and a character that no small vocabulary has. */
const PROBE = 'Is it 12?\n  \u{1f642}';

/**
 * A tokenizer from the contents of a tokenizer.json. Equal to the tokenizers library of Hugging Face; what @huggingface/tokenizers does otherwise is put right
 * here and in `exactPreTokenizer`.
 *
 * @param where The file, for messages.
 * @throws InputError where the description is not one that the library takes.
 */
export function createTokenizer(json: TokenizerJson, ids: TokenizerIds, where: string): Tokenizer {
  let encoder: Encoder;
  try {
    const pre_tokenizer = json.pre_tokenizer && exactPreTokenizer(json.pre_tokenizer);
    encoder = new Encoder({ ...json, pre_tokenizer }, { clean_up_tokenization_spaces: false });
    if (encoder.decoder) keepEveryByte(encoder.decoder as LibraryDecoder);
    probe(encoder, json.model.unk_token);
  } catch (error) {
    throw new InputError(`${where}: expected a tokenizer that can be built, got: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const { vocab } = json.model;
  const largest = json.added_tokens.reduce((most, { id }) => Math.max(most, id), -1);
  const size = Array.isArray(vocab)
    ? vocab.length
    : Object.values(vocab).reduce((most, id) => Math.max(most, id), -1) + 1;
  const vocabularySize = Math.max(size, largest + 1);
  return {
    encode: (text) => encoder.encode(text, { add_special_tokens: false }).ids,
    decode: (given, { keepSpecial = false } = {}) =>
      given.length === 0
        ? ''
        : encoder.decode([...given], { skip_special_tokens: !keepSpecial, clean_up_tokenization_spaces: false }),
    withoutControlTokens: controlTokenEscaper(json.added_tokens.map(({ content }) => content)),
    withTokens: (added) => {
      const more = added.map((content, i) => ({ ...PLAIN_TOKEN, id: vocabularySize + i, content, special: true }));
      return createTokenizer({ ...json, added_tokens: [...json.added_tokens, ...more] }, ids, where);
    },
    vocabularySize,
    ...ids,
  };
}

/** Some faults of a description show only when it is used. */
function probe(encoder: Encoder, unknown: string | null | undefined): void {
  if (typeof unknown === 'string' && encoder.token_to_id(unknown) === undefined) {
    throw new Error(`the unknown token ${JSON.stringify(unknown)} is not in the vocabulary`);
  }
  const { ids } = encoder.encode(PROBE, { add_special_tokens: false });
  if (ids.length > 0) encoder.decode(ids);
}

/** Decodes a run of byte tokens as the original does: U+FEFF stays, and in a run that is not UTF-8 each byte is a U+FFFD. */
class ByteRunDecoder extends TextDecoder {
  constructor() {
    super('utf-8', { fatal: true, ignoreBOM: true });
  }

  override decode(bytes: Uint8Array): string {
    try {
      return super.decode(bytes);
    } catch {
      return '\ufffd'.repeat(bytes.length);
    }
  }
}

/** What of the library's decoders is used here; its own types do not say it. */
interface LibraryDecoder {
  readonly config: { readonly type?: string };
  readonly decoders?: readonly LibraryDecoder[];
  text_decoder?: ByteRunDecoder;
}

function keepEveryByte(decoder: LibraryDecoder): void {
  decoder.decoders?.forEach(keepEveryByte);
  if (decoder.config.type === 'ByteFallback') decoder.text_decoder = new ByteRunDecoder();
}
