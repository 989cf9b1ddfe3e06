import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { answeredConversation } from '../../../harness/clara/answered-conversation.ts';
import { askedPrompt } from '../../../harness/clara/asked-prompt.ts';
import { createCompressionModel } from '../../../harness/clara/create-compression-model.ts';
import { TextCompressor } from '../../../harness/clara/document-compressor.ts';
import { fewerSlots } from '../../../harness/clara/fewer-slots.ts';
import { pretrainingItems } from '../../../harness/clara/stages/pretraining-items.ts';
import type { TargetedSequence } from '../../../harness/language-model/language-model-loss.ts';
import { compressionDocument } from '../../../harness/clara/stages/compression-document.ts';
import { LINEAR_MODULES } from '../../../harness/language-model/linear-modules.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { withoutLeaks } from '../training/without-leaks.ts';
import { writeTinySuite } from './tiny-suite.ts';
import { trainTinySystem } from './train-tiny-system.ts';

const COMMON = { documentMaxLength: 32, rank: 2, ratio: 8 };
const SETTINGS = {
  ...COMMON,
  compressor: 'memory-tokens',
  memory: 'fixed',
  alpha: 4,
  modules: LINEAR_MODULES,
} as const;
const PAIRS = [
  { question: 'Which colour?', answer: 'red' },
  { question: 'How heavy?', answer: 'very heavy' },
  { question: 'Whose?', answer: 'hers' },
];

let folder: string;
let base: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answers-'));
  await writeTinySuite(folder, []);
  base = await loadLanguageModel(path.join(folder, 'model'));
});
after(async () => {
  base.dispose();
  await rm(folder, { recursive: true });
});

test('questions are turns of one conversation behind one document; targets are their answers and end tokens, no more', () => {
  const model = createCompressionModel(base, SETTINGS, 1);
  const messages = askedPrompt([4], PAIRS);
  const { ids, targets } = answeredConversation(model, messages);
  assert.equal(targets.length, ids.length);
  const decode = (wanted: readonly number[]): string => model.tokenizer.decode(wanted, { keepSpecial: true });
  const runs: number[][] = [];
  ids.forEach((id, at) => {
    if (!targets[at]) return;
    if (!targets[at - 1]) runs.push([]);
    runs.at(-1)!.push(id);
  });
  assert.deepEqual(runs.map(decode), ['red</s>', 'very heavy</s>', 'hers</s>']);
  const text = decode(ids);
  for (const { question } of PAIRS) assert.equal(text.split(question).length, 2, text);
  // The document's memory tokens stand before the first question only.
  const memory = ids.flatMap((id, at) => (id >= model.special.first ? [at] : []));
  assert.ok(memory.length >= 4 && memory.at(-1)! < targets.indexOf(true), text);
  model.dispose();
});

test('a prompt with fewer slots is the prompt that is rendered with so many, for each document', () => {
  const model = createCompressionModel(base, SETTINGS, 1);
  const prompt = (counts: readonly number[]): TargetedSequence =>
    answeredConversation(model, askedPrompt(counts, PAIRS));
  assert.deepEqual(fewerSlots(prompt([4, 4, 4]), model.special, [1, 4, 2]), prompt([1, 4, 2]));
  model.dispose();
});

test('pretraining on several passages: items of one, two and three passages in turn, with at most eight questions', async () => {
  await withoutLeaks(() => {
    const model = createCompressionModel(base, SETTINGS, 1);
    const docs = Array.from({ length: 6 }, (_, n) => ({
      title: `T${n}`,
      text: `It is ${n}.`,
      pairs: ['a', 'b', 'c'].map((which) => ({ question: `Which ${which} of T${n}?`, answer: `${n}${which}` })),
    }));
    const examples = [{ id: 'q', question: 'Which?', answers: ['0a'], docs, pos_index: [0] }];
    const settings = { data: 'answers' as const, paraphrase: 'given' as const, ratio: 8, ratios: [8, 16], passages: 3 };
    const items = pretrainingItems(model, settings, { examples, seed: 1 });
    assert.equal(items.length, 12);
    assert.deepEqual(items.map(({ documents }) => documents.length), [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3]); // prettier-ignore
    for (const [at, { documents, prompt }] of items.entries()) {
      const text = model.tokenizer.decode(prompt.ids, { keepSpecial: true });
      assert.equal(text.split('Which').length - 1, Math.min(8, 3 * documents.length));
      assert.ok(documents.every(({ count }) => count === (at % 2 === 0 ? 4 : 2)));
      assert.equal(prompt.ids.filter((id) => id === model.special.separator).length, documents.length);
    }
    model.dispose();
  });
});

test('pretraining learns from answers alone, with memory tokens that begin scattered and spread over the text', async () => {
  await withoutLeaks(async () => {
    const [stage] = await trainTinySystem({ base, folder }, 'clara', {
      ...COMMON,
      ...{ dropout: 0, newTokens: 'scattered', positions: 'spread', instruction: null },
      pretraining: { data: 'answers', steps: 1, batch: 2, microBatch: 2, learningRate: 0.01, optimizer: 'muon' },
    });
    assert.ok(Number.isFinite(stage!.terms[0]!.loss));
  });
});

test('a model’s settings decide how its memory tokens begin and where they stand: each gives a text other vectors', async () => {
  await withoutLeaks(() => {
    const vectors = [{}, { newTokens: 'scattered' } as const, { positions: 'spread' } as const].map((more) => {
      const model = createCompressionModel(base, { ...SETTINGS, ...more }, 1);
      const compressor = new TextCompressor(model, model.encoder);
      const [made] = [
        ...compressor.compress([compressionDocument('Boxes: They have colours.', model, model.settings)]),
      ];
      compressor.dispose();
      model.dispose();
      return made!.vectors;
    });
    const [plain, ...others] = vectors.map((made) => [...made]);
    for (const other of others) {
      assert.ok(plain!.some((value, i) => Math.abs(value - other[i]!) > 1e-3));
    }
  });
});
