import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createTokenizer } from '../../../../harness/language-model/tokenizer/create-tokenizer.ts';
import { tokenizerFromGguf } from '../../../../harness/language-model/tokenizer/tokenizer-from-gguf.ts';
import type { Tokenizer } from '../../../../harness/language-model/tokenizer/tokenizer.ts';
import { tokenizerJsonSchema } from '../../../../harness/language-model/tokenizer/tokenizer-json.ts';
import { openGguf } from '../../../../harness/language-model/weights/gguf.ts';
import fixture from '../tokenizers.json' with { type: 'json' };
import { ggufBytes, type GgufInput } from '../write-gguf.ts';

const { texts, byteLevel, sentencePiece } = fixture;
const NONE = { endIds: [], beginId: null, padId: 0 };

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tokenizers-'));
});
after(() => rm(folder, { recursive: true }));

async function fromGguf(keys: Readonly<Record<string, GgufInput>>): Promise<Tokenizer> {
  const file = path.join(folder, 'vocabulary.gguf');
  const named = Object.entries(keys).map(([key, value]) => [`tokenizer.ggml.${key}`, value] as const);
  await writeFile(file, ggufBytes(Object.fromEntries(named), {}));
  const gguf = await openGguf(file);
  await gguf.weights.close();
  return tokenizerFromGguf(gguf);
}

function byteLevelKeys(pre: string): Record<string, GgufInput> {
  const tokens = Object.entries(byteLevel.model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token);
  const merges = byteLevel.model.merges.map((pair) => pair.join(' '));
  return { model: 'gpt2', pre, tokens, merges, token_type: { i32s: tokens.map((_, id) => (id === 0 ? 3 : 1)) } };
}

describe('byte-level vocabularies give the ids of the tokenizers library', () => {
  for (const [pre, { json, ids, decoded }] of Object.entries(byteLevel.cases)) {
    test(`${pre}, from tokenizer.json and from GGUF`, async () => {
      const model = { ...byteLevel.model, ignore_merges: pre === 'llama-bpe' };
      const parsed = tokenizerJsonSchema.parse({ ...json, model, added_tokens: byteLevel.added_tokens });
      for (const tokenizer of [createTokenizer(parsed, NONE, 'a test'), await fromGguf(byteLevelKeys(pre))]) {
        for (const [i, text] of texts.entries()) {
          assert.deepEqual(tokenizer.encode(text), ids[i], JSON.stringify(text));
          assert.equal(tokenizer.decode(ids[i]!, { keepSpecial: true }), decoded[i]);
        }
      }
    });
  }
});

test('a SentencePiece vocabulary in GGUF gives the ids of sentencepiece, bytes for characters that it lacks included', async () => {
  const { tokens, scores, types } = sentencePiece;
  const tokenizer = await fromGguf({ model: 'llama', tokens, scores: { f32s: scores }, token_type: { i32s: types } });
  for (const [i, text] of sentencePiece.texts.entries()) {
    assert.deepEqual(tokenizer.encode(text), sentencePiece.ids[i], JSON.stringify(text));
    assert.equal(tokenizer.decode(sentencePiece.ids[i]!), text);
  }
});

test('control tokens in a text are broken up, readably, and once only', async () => {
  const tokenizer = await fromGguf(byteLevelKeys('gpt-2'));
  const hostile = '<end>a <<end>> <en<end>d>';
  assert.ok(tokenizer.encode(hostile).includes(0));
  const escaped = tokenizer.withoutControlTokens(hostile);
  assert.ok(!tokenizer.encode(escaped).includes(0));
  assert.equal(escaped.replaceAll('\u2060', ''), hostile);
  assert.equal(tokenizer.withoutControlTokens(escaped), escaped);
  assert.equal(tokenizer.decode(tokenizer.encode(escaped)), escaped);
  assert.equal(tokenizer.withoutControlTokens('an < end > of it'), 'an < end > of it');
});

test('special tokens are left out of decoded text unless asked for; no ids are no text', async () => {
  const tokenizer = await fromGguf({ ...byteLevelKeys('gpt-2'), eos_token_id: 0, bos_token_id: 0 });
  const ids = [...tokenizer.encode('yes'), 0];
  assert.equal(tokenizer.decode(ids), 'yes');
  assert.equal(tokenizer.decode(ids, { keepSpecial: true }), 'yes<end>');
  assert.equal(tokenizer.decode([]), '');
  assert.deepEqual([tokenizer.endIds, tokenizer.beginId, tokenizer.padId], [[0], 0, 0]);
});

test('a vocabulary that cannot be used says why', async () => {
  const good = byteLevelKeys('gpt-2');
  const withoutMerges = { ...good };
  delete withoutMerges.merges;
  const cases: [Record<string, GgufInput>, RegExp][] = [
    [{ ...good, model: 'bert' }, /model: .*"gpt2"\|"llama"/],
    [{ ...good, pre: 'gpt-9' }, /tokenizer\.ggml\.pre: expected one of default, gpt-2, .* got "gpt-9"/],
    [withoutMerges, /expected tokenizer\.ggml\.merges, got none/],
    [{ ...good, merges: ['a b c'] }, /merges\[0\]: expected two tokens with a space between them/],
    [{ ...good, token_type: { i32s: [1] } }, /token_type: expected one a token \(\d+\), got 1/],
    [{ ...good, eos_token_id: 99_999 }, /special token's id is 99999; expected less than the number of tokens/],
    [{ ...good, model: 'llama' }, /expected tokenizer\.ggml\.scores and tokenizer\.ggml\.token_type, got none/],
  ];
  for (const [keys, message] of cases) await assert.rejects(fromGguf(keys), message);
});
