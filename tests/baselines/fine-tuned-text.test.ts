import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findSystem } from '../../baselines/find-system.ts';
import { keepInformative } from '../../baselines/keep-informative.ts';
import { textChoice, textLoraStage } from '../../baselines/text-stage.ts';
import { trainingSequences } from '../../baselines/training-sequences.ts';
import type { Example } from '../../datasets/example.ts';
import { embed } from '../../harness/engine/embed.ts';
import { matMul } from '../../harness/engine/kernels.ts';
import { tf } from '../../harness/engine/tensorflow.ts';
import { InputError } from '../../harness/errors.ts';
import { decode, finalNorm } from '../../harness/language-model/decoder.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../harness/language-model/load-language-model.ts';
import { openSafetensors } from '../../harness/language-model/weights/safetensors.ts';
import { countingModel } from '../../harness/suite/counting-model.ts';
import type { WeightSource } from '../../harness/language-model/weights/weight-source.ts';
import type { Prediction } from '../../harness/prediction.ts';
import { tinyModels, writeTinyModel } from '../harness/language-model/write-tiny-model.ts';

const TEMPLATE =
  '{% for message in messages %}<s>{{ message.role }} {{ message.content }}</s>{% endfor %}{% if add_generation_prompt %}<s>assistant {% endif %}';
/** Has norms of heads, which are kept in an order of their own, and an output head apart from the embedding. */
const TINY = tinyModels.qwen3!;

let folder: string;
let model: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fine-tuned-'));
  const place = path.join(folder, 'model');
  await writeTinyModel(place, { ...TINY, config: { ...TINY.config, max_position_embeddings: 512 } });
  await writeFile(path.join(place, 'tokenizer_config.json'), JSON.stringify({ chat_template: TEMPLATE }));
  model = await loadLanguageModel(place);
});
after(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

/** Four questions, whose answers are in their documents. */
const EXAMPLES: Example[] = ['red', 'blue', 'green', 'pink'].map((colour, i) => ({
  id: `q${i}`,
  question: `Which colour has ${'ABCD'[i]!.repeat(20)}?`,
  answers: [colour, 'never shown'],
  docs: [
    { title: `Box ${'ABCD'[i]}`, text: `It is ${colour}.` },
    { title: 'Boxes', text: 'They have colours.' },
  ],
  pos_index: [0],
}));

const TRAINING = { steps: 40, batch: 4, microBatch: 4, learningRate: 0.01, rank: 8, alpha: 16, dropout: 0 };

/** Trains a system, and answers the questions with what it has learnt. */
async function trainAndPredict(id: string, settings: Record<string, unknown>, examples: readonly Example[] = EXAMPLES) {
  const system = await findSystem(id);
  const checked = system.settings(settings);
  const stage = system.training!(checked)!;
  const trained = path.join(folder, `${id}-${Object.values(settings).join('-')}`);
  await mkdir(trained, { recursive: true });
  const context = { model: async () => model, examples, seed: 1, from: null, cache: path.join(folder, 'cache') };
  await stage.trainer.train(stage.settings, { ...context, folder: trained, onProgress: () => undefined });
  const curve = (await readFile(path.join(trained, 'curve.jsonl'), 'utf8')).trim().split('\n');
  const steps = curve.map((line) => JSON.parse(line) as { terms: { loss: number }; tokens: number });
  const answers: Prediction[] = [];
  const asked = { ...context, settings: checked, trained, maxNewTokens: 8, batch: 2 };
  await system.prepare!(examples, asked);
  for await (const answer of system.predict(examples, asked)) {
    assert.ok('prediction' in answer, JSON.stringify(answer));
    answers.push(answer);
  }
  return { stage, trained, answers, loss: [steps[0]!.terms.loss, steps.at(-1)!.terms.loss] as const, steps };
}

const gold = EXAMPLES.map(({ answers }) => answers[0]);

test('text-lora: the loss falls; prompts and documents are those of the zero-shot system, the answers are not', async () => {
  const { answers, loss, stage, steps } = await trainAndPredict('text-lora', { docs: 'gold', ...TRAINING, steps: 12 });
  assert.ok(loss[1] < loss[0] / 2, `loss ${loss.join(' to ')}`);
  const zeroShot = await findSystem('text');
  const context = { model: async () => model, seed: 1, trained: null, cache: folder, maxNewTokens: 8, batch: 2 };
  let at = 0;
  for await (const plain of zeroShot.predict(EXAMPLES, { ...context, settings: zeroShot.settings({ docs: 'gold' }) })) {
    assert.ok('prediction' in plain && plain.prediction !== answers[at]!.prediction);
    const { tokens, selected } = answers[at++]!;
    assert.deepEqual([{ ...tokens, output: 0 }, selected], [{ ...plain.tokens, output: 0 }, plain.selected]);
  }
  assert.deepEqual([stage.trainer.id, stage.from], ['text/lora', null]);
  const rows = stage.trainer.rows(stage.settings, EXAMPLES, (text) => model.tokenizer.encode(text).length);
  const real = steps.reduce((sum, { tokens }) => sum + tokens, 0);
  // The system turn has many tokens where each is a byte.
  assert.ok(rows < real && rows > real / 4, `${rows} rows expected, ${real} trained on`);
});

test('another training is another set of weights, and dropout changes what is learnt', async () => {
  const short = { ...TRAINING, steps: 3 };
  const plain = await trainAndPredict('text-lora', { docs: 1, ...short });
  const dropped = await trainAndPredict('text-lora', { docs: 1, ...short, dropout: 0.3 });
  const weights = (place: string) => readFile(path.join(place, 'weights.safetensors'));
  assert.ok(!(await weights(plain.trained)).equals(await weights(dropped.trained)));
  // Nothing is added before the first step, so that its loss is the backbone's, whatever is dropped.
  assert.equal(dropped.loss[0], plain.loss[0]);
});

test('no-context-lora: no prompt has a token of a document, and the questions are answered as they were trained', async () => {
  const { answers, stage } = await trainAndPredict('no-context-lora', TRAINING);
  assert.deepEqual(
    answers.map(({ prediction, tokens }) => [prediction, tokens!.source, tokens!.vectors]),
    gold.map((answer) => [answer, 0, 0]),
  );
  const sequences = await trainingSequences(EXAMPLES, model, textChoice(textLoraStage.parse(stage.settings)));
  for (const [i, { ids }] of sequences.entries()) {
    const text = model.tokenizer.decode(ids);
    assert.ok(text.includes(EXAMPLES[i]!.question) && !text.includes('Background') && !text.includes('It is'), text);
  }
});

test('text-budget-lora: no document has more tokens than compression has vectors', async () => {
  const budget = { ratio: 4, memory: 'fixed', documentMaxLength: 40 };
  const { answers, stage } = await trainAndPredict('text-budget-lora', { ...budget, ...TRAINING, steps: 2 });
  for (const { tokens } of answers) assert.deepEqual([tokens!.vectors, tokens!.truncated], [20, 0]);
  const sequences = await trainingSequences(EXAMPLES, model, textChoice(textLoraStage.parse(stage.settings)));
  assert.match(model.tokenizer.decode(sequences[1]!.ids), /Background:Box B: It\s*Boxes: The\s*Question: Which/);
});

test('text-full: the weights are those of a model, all of them trained, and it answers as trained', async () => {
  const { answers, loss, trained, stage } = await trainAndPredict('text-full', {
    ...{ steps: 20, batch: 4, microBatch: 2, learningRate: 0.005, checkpointed: true, docs: 1 },
  });
  assert.ok(loss[1] < 0.5, `loss ${loss.join(' to ')}`);
  assert.deepEqual(
    answers.map(({ prediction }) => prediction),
    gold,
  );
  assert.equal(stage.trainer.id, 'text/full');
  const source = await openSafetensors([path.join(trained, 'weights.safetensors')]);
  try {
    assert.deepEqual([...source.names()].sort(), Object.keys(TINY.tensors).sort());
    for (const [name, shape] of Object.entries(TINY.tensors)) assert.deepEqual(source.shape(name), shape);
  } finally {
    await source.close();
  }
});

test('text-full learns with Muon too', async () => {
  const { loss } = await trainAndPredict('text-full', {
    ...{ optimizer: 'muon', steps: 16, batch: 4, microBatch: 4, learningRate: 0.02, docs: 1 },
  });
  assert.ok(loss[1] < 0.5 * loss[0], `loss ${loss.join(' to ')}`);
});

test('all weights before the first step are the file of the model, in its layout', async () => {
  const { saveVariables } = await import('../../harness/training/save-variables.ts');
  const { trainableWeights } = await import('../../harness/training/trainable-weights.ts');
  const { variables } = trainableWeights(model.config, model.weights);
  const file = path.join(folder, 'whole.safetensors');
  await saveVariables(file, variables);
  for (const { variable } of variables) variable.dispose();
  const [written, own] = [await openSafetensors([file]), await openSafetensors([path.join(folder, 'model', 'model.safetensors')])]; // prettier-ignore
  for (const name of own.names()) assert.deepEqual(await written.read(name), await own.read(name), name);
  await Promise.all([written.close(), own.close()]);
});

test('targets are the first gold answer and the token that closes it', async () => {
  const settings = { docs: 'gold', prompt: 'spaced', budget: null, keep: 'first' } as const;
  const [first] = await trainingSequences(EXAMPLES, model, textChoice(settings));
  const learnt = first!.ids.filter((_, i) => first!.targets[i]);
  assert.equal(model.tokenizer.decode(learnt, { keepSpecial: true }), 'red</s>');
});

test('a training prompt that does not fit loses document tokens, and a question that cannot be asked is named', async () => {
  const settings = { docs: 'all', prompt: 'spaced', budget: null, keep: 'first' } as const;
  const long: Example = { ...EXAMPLES[0]!, docs: [{ title: 'Long', text: 'word '.repeat(200) }] };
  const [cut] = await trainingSequences([long], model, textChoice(settings));
  assert.equal(cut!.ids.length, model.config.contextLength);
  assert.match(model.tokenizer.decode(cut!.ids), /Question: Which colour has A{20}\?assistant red$/);
  const bad = [{ ...long, question: 'x'.repeat(600) }, EXAMPLES[1]!, { ...EXAMPLES[2]!, pos_index: [] }];
  await assert.rejects(trainingSequences(bad, model, textChoice({ ...settings, docs: 'gold' })), (error: unknown) => {
    assert.ok(error instanceof InputError);
    assert.equal(error.problems.length, 2);
    assert.match(error.problems[0]!, /^training question "q0": the question and the template need \d+ tokens/);
    assert.match(error.problems[1]!, /^training question "q2": the example names no gold passages/);
    return true;
  });
});

test('selective-context keeps the tokens that the model expects least, in their order', async () => {
  const text = 'The box that stood here was blue.';
  const ids = [2, ...model.tokenizer.encode(text)];
  const information = tf.tidy(() => {
    const { config, weights } = model;
    const hidden = decode(config, weights, embed(weights.embedding, ids), { batch: 1, rows: ids.length });
    const logits = matMul(finalNorm(config, weights, hidden), weights.head, false, true).arraySync() as number[][];
    return ids.slice(1).map((id, i) => {
      const row = logits[i]!;
      return Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[id]!;
    });
  });
  const kept = [...information.keys()].sort((a, b) => information[b]! - information[a]!).slice(0, 9);
  const expected = [...text].filter((_, at) => kept.includes(at)).join('');
  const got = await keepInformative(
    [
      { text: 'another', read: 256, limit: 3 },
      { text, read: 256, limit: 9 },
      { text, read: 4, limit: 2 },
      { text: 'a longer one, so that the others are padded in the batch', read: 256, limit: 1 },
    ],
    model,
  );
  assert.deepEqual(
    got.map((each) => model.tokenizer.encode(each).length),
    [3, 9, 2, 1],
  );
  assert.equal(got[1], expected);
  assert.ok('The '.includes(got[2]![0]!) && 'The '.includes(got[2]![1]!));
});

test('a plan counts the tokens of a trained system without its weights', async () => {
  for (const [id, settings] of [
    ['text-lora', TRAINING],
    ['selective-context', { ratio: 4, trained: true, ...TRAINING }],
  ] as const) {
    const system = await findSystem(id);
    const { model: counting, promptTokens } = countingModel({ ...model, weights: {} as WeightSource });
    const context = { model: async () => counting, seed: 1, trained: null, cache: folder, maxNewTokens: 8, batch: 2 };
    for await (const answer of system.predict(EXAMPLES, { ...context, settings: system.settings(settings) })) {
      assert.ok('prediction' in answer && answer.tokens!.prompt === promptTokens[Number(answer.id.slice(1))]);
    }
    const asked = { ...context, model: async () => model, settings: system.settings(settings) };
    await assert.rejects(system.prepare!(EXAMPLES, asked), /expected the folder of its training/);
  }
});

test('selective-context: within the budget, zero-shot without a training, or trained on what it keeps', async () => {
  const system = await findSystem('selective-context');
  const budget = { ratio: 4, documentMaxLength: 40 };
  const checked = system.settings(budget);
  assert.equal(system.training!(checked), null);
  assert.deepEqual(system.settings({ ...budget, steps: 3 }), checked);
  assert.throws(() => system.settings({ ...budget, steps: 0 }), InputError);
  assert.throws(() => system.settings({ ...budget, trained: true }), /steps: expected a whole number/);
  const context = { model: async () => model, seed: 1, trained: null, cache: folder, maxNewTokens: 2, batch: 2 };
  for await (const answer of system.predict(EXAMPLES, { ...context, settings: checked })) {
    assert.ok('prediction' in answer);
    const { vectors } = answer.tokens!;
    assert.ok(vectors! <= 20 && vectors! >= 18, `${vectors} tokens`);
  }
  const { loss, stage } = await trainAndPredict('selective-context', {
    ...budget,
    trained: true,
    ...TRAINING,
    steps: 5,
  });
  assert.ok(loss[1] < loss[0], `loss ${loss.join(' to ')}`);
  const sequences = await trainingSequences(EXAMPLES, model, textChoice(textLoraStage.parse(stage.settings)));
  assert.ok(sequences.every(({ ids }) => !model.tokenizer.decode(ids).includes('They have colours')));
});
