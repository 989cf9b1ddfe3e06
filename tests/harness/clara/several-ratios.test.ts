import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findSystem } from '../../../baselines/find-system.ts';
import { answeredPrompt } from '../../../harness/clara/answered-prompt.ts';
import { createCompressionModel, compressionVariables } from '../../../harness/clara/create-compression-model.ts';
import { openCompressionModel } from '../../../harness/clara/open-compression-model.ts';
import { questionsPrompt } from '../../../harness/clara/pretraining-prompts.ts';
import { compressionDocument } from '../../../harness/clara/stages/compression-document.ts';
import { compressionTrainable } from '../../../harness/clara/stages/compression-trainable.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { LINEAR_MODULES } from '../../../harness/language-model/linear-modules.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { planTrainings } from '../../../harness/suite/plan-trainings.ts';
import { stagesOf } from '../../../harness/suite/stages-of.ts';
import { TrainingRows } from '../../../harness/suite/training-rows.ts';
import { normalNumbers } from '../../../harness/training/normal-numbers.ts';
import { tinyExamples, writeTinySuite } from './tiny-suite.ts';
import { answerWithTinySystem, trainTinySystem } from './train-tiny-system.ts';

const RATIOS = [16, 4, 8];
const COMMON = { documentMaxLength: 32, rank: 2, dropout: 0 };
const STEPS = { batch: 2, microBatch: 2, learningRate: 0.01 };
const PASSAGES = tinyExamples('train', 2);

let folder: string;
let base: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ratios-'));
  await writeTinySuite(folder, []);
  base = await loadLanguageModel(path.join(folder, 'model'));
});
after(async () => {
  base.dispose();
  await rm(folder, { recursive: true });
});

/** Settings of a system of a ratio with one pretraining for RATIOS. */
function settingsOf(ratio: number, endToEnd = false): Record<string, unknown> {
  return {
    ...COMMON,
    ratio,
    pretraining: { ...STEPS, ratios: RATIOS, steps: 1 },
    instruction: { ...STEPS, steps: 1, batch: 2, docs: 'all', decoder: 'continued' },
    ...(endToEnd && { endToEnd: { ...STEPS, steps: 1, batch: 2, docs: 'all', k: 2 }, k: 2 }),
  };
}

test('one pretraining has one key for all ratios and the order they are written in; without `ratios` each has its own', async () => {
  const system = await findSystem('clara');
  const keys = (settings: Record<string, unknown>): string[] => {
    const checked = system.settings(settings);
    const setting = { system, module: null, settings: checked, stages: stagesOf(system, checked), models: [] };
    const questions = {
      ...{ benchmark: { id: 'boxes', split: 'train' }, selection: {}, examples: tinyExamples('train', 6), sha256: '0'.repeat(64) }, // prettier-ignore
    } as unknown as Parameters<typeof planTrainings>[1]['questions'];
    return planTrainings(setting, { suite: 'tiny', questions, model: null, seed: 0, all: [setting], rows: new TrainingRows() }).map(({ job }) => job.key); // prettier-ignore
  };
  const [four, eight] = [keys(settingsOf(4)), keys(settingsOf(8))];
  assert.equal(four.length, 2);
  assert.equal(four[0], eight[0]);
  assert.notEqual(four[1], eight[1]);
  const pretraining = { ...STEPS, steps: 1 };
  assert.equal(keys({ ...settingsOf(8), pretraining: { ...pretraining, ratios: [4, 8, 16] } })[0], four[0]);
  assert.notEqual(keys({ ...settingsOf(8), pretraining: { ...pretraining, ratios: [4, 8] } })[0], four[0]);
  const alone = [4, 8].map((ratio) => keys({ ...settingsOf(ratio), pretraining })[0]);
  assert.equal(new Set([...alone, four[0]]).size, 3);
});

test('a ratio that the pretraining does not serve, and proportional memory, are refused', async () => {
  const { settings } = await findSystem('clara');
  assert.throws(() => settings({ ...settingsOf(5), memory: 'proportional' }), {
    name: 'InputError',
    problems: [
      'settings of system clara: ratio: expected one of pretraining.ratios, 4, 8, 16, got 5',
      'settings of system clara: memory: expected fixed where pretraining.ratios has one pretraining serve several ratios, got proportional',
    ],
  });
  assert.throws(
    () => settings({ ...settingsOf(4), pretraining: { steps: 1, ratios: [4, 4] } }),
    /pretraining\.ratios: expected a list of at least one number of at least 1, each once/,
  );
});

test('a passage is an item at each ratio; the checkpoint opens at each with the first memory tokens, which all are trained', async () => {
  const [pretrained] = await trainTinySystem(
    { base, folder },
    'clara',
    {
      ...settingsOf(8),
      pretraining: { ...STEPS, ratios: RATIOS, steps: 1, batch: 6, data: 'questions', schedule: 'constant', warmup: 0 },
      instruction: null,
    },
    PASSAGES,
  );
  const { place, tensors } = pretrained!;
  const hidden = base.config.hiddenSize;
  const initial = createCompressionModel(base, { ...COMMON, compressor: 'memory-tokens', ratio: 4, memory: 'fixed', alpha: 32, modules: LINEAR_MODULES }, 1); // prettier-ignore
  const rows = tensors.get('memory_embeddings')!;
  assert.equal(rows.length, 8 * hidden);
  const before = initial.memory.dataSync();
  // 2 passages at 3 ratios are one batch of 6: rows 2 and 3 are in no ratio but 4 and 8, rows from 4 on in 4 alone.
  for (let row = 0; row < 8; row++) {
    const moved = [...rows.subarray(row * hidden, (row + 1) * hidden)].some((value, i) => Math.abs(value - before[row * hidden + i]!) > 1e-3); // prettier-ignore
    assert.ok(moved, `row ${row} was not trained`);
  }
  initial.dispose();
  for (const [ratio, count] of [
    [undefined, 8],
    [4, 8],
    [8, 4],
    [16, 2],
  ] as const) {
    const { model, file } = await openCompressionModel(base, place, ratio);
    assert.deepEqual([file.ratio, file.ratios, file.memoryTokens], [4, [4, 8, 16], 8]);
    assert.deepEqual(model.memory.shape, [count, hidden]);
    assert.deepEqual([...model.memory.dataSync()], [...rows.subarray(0, count * hidden)]);
    assert.deepEqual([...model.others.dataSync()], [...tensors.get('special_embeddings')!]);
    const [head, otherHead] = model.headRows!;
    assert.deepEqual([...head.dataSync()], [...tensors.get('memory_head')!.subarray(0, count * hidden)]);
    assert.deepEqual([...otherHead.dataSync()], [...tensors.get('special_head')!]);
    assert.equal(model.special.encode, base.tokenizer.vocabularySize + count + 1);
    model.dispose();
  }
  await assert.rejects(openCompressionModel(base, place, 5), {
    name: 'InputError',
    message: /clara\.json: expected a checkpoint of the ratio 5, got one of 4, 8, 16$/,
  });
});

/** What a step of one item gives. */
interface Item {
  readonly loss: number;
  readonly crossEntropy: number;
  readonly alignment: number;
  readonly gradient: readonly number[];
}

test('an item of a ratio has the loss that it has in a model of that ratio alone, and gradients in the rows that it uses', () => {
  const settings = { compressor: 'memory-tokens', memory: 'fixed', documentMaxLength: 32, rank: 2, alpha: 4, modules: [...LINEAR_MODULES] } as const; // prettier-ignore
  const several = createCompressionModel(base, { ...settings, ratio: 4 }, 3);
  const random = normalNumbers(5);
  const { encoder, decoder, memory } = compressionVariables(several);
  for (const { variable } of [...encoder, ...decoder, memory]) {
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from({ length: variable.size }, () => random() / 8), variable.shape))); // prettier-ignore
  }
  for (const ratio of [4, 8, 16]) {
    const alone = createCompressionModel(base, { ...settings, ratio }, 4);
    const own = compressionVariables(alone);
    const others = compressionVariables(several);
    const from = [...others.encoder, ...others.decoder, others.memory, ...others.tables];
    for (const [i, { variable }] of [...own.encoder, ...own.decoder, own.memory, ...own.tables].entries()) {
      tf.tidy(() => variable.assign(tf.slice(from[i]!.variable, [0, 0], variable.shape as [number, number])));
    }
    const [one, other] = [several, alone].map((model): Item => {
      const document = compressionDocument('A box of many bright colours', model, { ...model.settings, ratio });
      const prompt = answeredPrompt(model, questionsPrompt(document.count), 'Question: Which?\nAnswer: red');
      const step = compressionTrainable(model, [compressionVariables(model).memory], { weight: 0.1, form: 'mean' }, { checkpointed: false, recorded: false, dropout: 0 }); // prettier-ignore
      const { terms, gradients } = step.gradients([{ documents: [document], prompt }], 1);
      const [loss, crossEntropy, alignment] = ['loss', 'crossEntropy', 'alignment'].map((name) => terms[name]!.dataSync()[0]!); // prettier-ignore
      const gradient = [...gradients[0]!.dataSync()];
      tf.dispose([...Object.values(terms), ...gradients]);
      step.dispose();
      return { loss: loss!, crossEntropy: crossEntropy!, alignment: alignment!, gradient };
    }) as [Item, Item];
    // The tokens of the other ratios are classes of the output too: rows near the mean of the vocabulary's, whose share of the sum is at most theirs of the rows (Jensen).
    const { vocabularySize: classes } = base.tokenizer;
    const most = Math.log(1 + (8 - 32 / ratio) / classes) + 1e-6;
    const more = one.crossEntropy - other.crossEntropy;
    assert.ok(more > -1e-6 && more < most, `ratio ${ratio}: ${more} more, expected at most ${most}`);
    assert.ok(Math.abs(one.alignment - other.alignment) < 1e-7, `ratio ${ratio}: ${one.alignment} and ${other.alignment}`); // prettier-ignore
    if (ratio === 4) assert.ok(Math.abs(one.loss - other.loss) < 1e-6);
    const used = (32 / ratio) * base.config.hiddenSize;
    assert.equal(other.gradient.length, used);
    assert.ok(one.gradient.slice(used).every((value) => value === 0));
    const rows = Array.from({ length: 32 / ratio }, (_, row) => one.gradient.slice(row * base.config.hiddenSize, (row + 1) * base.config.hiddenSize)); // prettier-ignore
    assert.ok(rows.every((row) => row.some((value) => Math.abs(value) > 1e-5)));
    alone.dispose();
  }
  several.dispose();
});

test('later stages start from it at their own ratio, and the system answers with as many vectors', async () => {
  for (const [id, ratio, endToEnd] of [
    ['clara', 8, true],
    ['mean-pool', 16, false],
  ] as const) {
    const settings = settingsOf(ratio, endToEnd);
    const stages = await trainTinySystem({ base, folder }, id, settings, PASSAGES);
    const [first, second] = stages.map(({ tensors }) => tensors);
    const size = (32 / ratio) * base.config.hiddenSize;
    assert.deepEqual(second!.get('memory_embeddings'), first!.get('memory_embeddings')!.slice(0, size));
    const [answer] = await answerWithTinySystem({ base, folder }, id, settings, stages.at(-1)!, PASSAGES);
    assert.equal(answer!.tokens!.vectors, (endToEnd ? 2 : 3) * (32 / ratio));
  }
  const alone = { ...settingsOf(16), instruction: null };
  const [pretrained] = await trainTinySystem({ base, folder }, 'clara', alone, PASSAGES);
  const [answer] = await answerWithTinySystem({ base, folder }, 'clara', alone, pretrained!, PASSAGES);
  assert.equal(answer!.tokens!.vectors, 3 * 2);
});
