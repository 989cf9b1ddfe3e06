import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import type { GenerateOptions, LanguageModel } from '../../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { tinyModels, writeTinyModel } from './write-tiny-model.ts';

/** A window of 8 positions, which the prompts are on both sides of. */
const MODEL = 'mistral, sliding window';
const CONTEXT = 64;
const NEW_TOKENS = 12;
/** Of several lengths, not in their order, one of them twice. */
const PROMPTS = [3, 17, 1, 40, 9, 17, 2, 28].map((length, prompt) =>
  Array.from({ length }, (_, at) => 3 + ((7 * prompt + 13 * at + at * at) % 120)),
);

let folder: string;
let model: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'generate-'));
  await writeTinyModel(folder, tinyModels[MODEL]!);
  model = await loadLanguageModel(folder);
});
after(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

/** New ids of each prompt. */
async function ids(options: Partial<GenerateOptions> = {}): Promise<(readonly number[])[]> {
  const all = await model.generate(PROMPTS, { maxNewTokens: NEW_TOKENS, endIds: [], ...options });
  return all.map((each) => each.ids);
}

test('what a prompt is continued with does not depend on the batch size', async () => {
  const alone = await ids({ batch: 1 });
  assert.ok(alone.every((each) => each.length === NEW_TOKENS));
  assert.ok(new Set(alone.map((each) => each.join())).size === PROMPTS.length, 'every prompt has its own continuation');
  assert.deepEqual(await ids({ batch: 3 }), alone);
  assert.deepEqual(await ids({ batch: 8 }), alone);
});

test('generating token by token is the same as giving the tokens so far as the prompt', async () => {
  const greedy = await ids();
  const longer = PROMPTS.map((prompt, i) => [...prompt, ...greedy[i]!.slice(0, -1)]);
  const last = await model.generate(longer, { maxNewTokens: 1, endIds: [] });
  assert.deepEqual(
    last.map((each) => each.ids[0]),
    greedy.map((each) => each.at(-1)),
  );
});

test('a row stops at its end token, and the others go on', async () => {
  const whole = await ids();
  const end = whole[3]![4]!;
  const stopped = await model.generate(PROMPTS, { maxNewTokens: NEW_TOKENS, endIds: [end, 1] });
  const lengths = whole.map((each) => {
    const at = each.findIndex((id) => id === end || id === 1);
    return at < 0 ? NEW_TOKENS : at + 1;
  });
  assert.ok(lengths.some((length) => length < NEW_TOKENS) && lengths.includes(NEW_TOKENS));
  for (const [i, { ids: got, stopped: how }] of stopped.entries()) {
    assert.deepEqual(got, whole[i]!.slice(0, lengths[i]));
    assert.equal(how, [end, 1].includes(got.at(-1)!) ? 'end' : 'length');
  }
});

test('a batch stops when all of its rows have', async () => {
  const decoding = async (endIds: readonly number[]): Promise<number> => {
    const all = await model.generate(PROMPTS.slice(0, 3), { maxNewTokens: 40, endIds });
    return all.reduce((sum, { ms }) => sum + ms.decode, 0);
  };
  const everyId = Array.from({ length: model.config.vocabularySize }, (_, id) => id);
  const full = await decoding([]);
  const none = await decoding(everyId);
  assert.ok(none < full / 10, `expected no decoding after the first token, got ${none} ms of ${full} ms`);
});

test("the model's own end token ends a row unless others are given", async () => {
  const whole = await ids();
  const end = whole[3]![4]!;
  const place = path.join(folder, 'ending');
  const { config, ...rest } = tinyModels[MODEL]!;
  await writeTinyModel(place, { ...rest, config: { ...config, eos_token_id: end } });
  const ending = await loadLanguageModel(place);
  const [answer] = await ending.generate([PROMPTS[3]!], { maxNewTokens: NEW_TOKENS });
  ending.dispose();
  assert.deepEqual(answer!.ids, whole[3]!.slice(0, whole[3]!.indexOf(end) + 1));
  assert.equal(answer!.stopped, 'end');
});

test('prompts that do not fit are named, all at once, before anything is computed', async () => {
  const tooLong = Array.from({ length: CONTEXT - NEW_TOKENS + 1 }, () => 5);
  await assert.rejects(
    async () => model.generate([PROMPTS[0]!, tooLong, []], { maxNewTokens: NEW_TOKENS }),
    (error) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.problems.length, 2);
      assert.match(error.problems[0]!, /^prompt 1: expected at most 52 tokens .*, got 53$/);
      assert.match(error.problems[1]!, /^prompt 2: expected at least one token, got none$/);
      return true;
    },
  );
  const [longest] = await model.generate([tooLong.slice(1)], { maxNewTokens: NEW_TOKENS, endIds: [] });
  assert.equal(longest!.ids.length, NEW_TOKENS);
});

test('sampling: the same for a seed, another for another, whatever the batch', async () => {
  const sampling = { temperature: 0.8, topP: 0.9, seed: 7 };
  const first = await ids(sampling);
  assert.deepEqual(await ids(sampling), first);
  assert.deepEqual(await ids({ ...sampling, batch: 1 }), first);
  assert.deepEqual(await ids({ ...sampling, batch: 3 }), first);
  const other = await ids({ ...sampling, seed: 8 });
  assert.ok(other.every((each, i) => each.join() !== first[i]!.join()));
  assert.notDeepEqual(first, await ids());
});

test('the smallest nucleus is the likeliest token', async () => {
  assert.deepEqual(await ids({ temperature: 0.8, topP: 1e-9, seed: 7 }), await ids());
});

test('sampling with impossible settings is refused', async () => {
  await assert.rejects(async () => ids({ temperature: -1, topP: 0 }), /temperature: .*-1\ntopP: .*got 0/);
});
