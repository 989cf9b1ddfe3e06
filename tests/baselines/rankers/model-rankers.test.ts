import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Example } from '../../../datasets/example.ts';
import { crossEncoder } from '../../../baselines/rankers/cross-encoder.ts';
import { crossEncoderTrainable, type RankingItem } from '../../../baselines/rankers/cross-encoder-trainable.ts';
import { dense } from '../../../baselines/rankers/dense.ts';
import { embedTexts } from '../../../baselines/rankers/embed-texts.ts';
import { questionAfterDocument } from '../../../baselines/rankers/question-after-document.ts';
import { questionLikelihoods } from '../../../baselines/rankers/question-likelihoods.ts';
import { queryLikelihood } from '../../../baselines/rankers/query-likelihood.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { InputError } from '../../../harness/errors.ts';
import { decode, finalNorm } from '../../../harness/language-model/decoder.ts';
import { embed } from '../../../harness/engine/embed.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { languageModelLoss, targetedBatch } from '../../../harness/language-model/language-model-loss.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { createLoraAdapter } from '../../../harness/language-model/lora.ts';
import { tinyModels, writeTinyModel } from '../../harness/language-model/write-tiny-model.ts';
import { withoutLeaks } from '../../harness/training/without-leaks.ts';
import { rankings } from './rankings.ts';

const TEMPLATE =
  '{% for message in messages %}<s>{{ message.content }}</s>{% endfor %}{% if add_generation_prompt %}<s>{% endif %}';
const TINY = tinyModels.qwen3!;

let folder: string;
let cache: string;
let model: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rankers-'));
  cache = path.join(folder, 'cache');
  const place = path.join(folder, 'model');
  await writeTinyModel(place, { ...TINY, config: { ...TINY.config, max_position_embeddings: 160 } });
  await writeFile(path.join(place, 'tokenizer_config.json'), JSON.stringify({ chat_template: TEMPLATE }));
  model = await loadLanguageModel(place);
});
after(async () => {
  model.dispose();
  await rm(folder, { recursive: true });
});

/** Each question names the letter that its gold passage is full of. */
const LETTERS = ['A', 'B', 'C', 'D'];
const EXAMPLES: Example[] = LETTERS.map((letter, i) => ({
  id: `q${i}`,
  question: letter.repeat(6),
  answers: ['x'],
  docs: LETTERS.map((other) => ({ title: 'Box', text: other.repeat(9) })),
  pos_index: [i],
}));

const sequencesOf = ({ question, docs }: Example, limit = 512) =>
  docs.map((document) => questionAfterDocument(question, document, model, limit));

test('the likelihood of a question is that of its tokens, each sequence as if it were alone', () => {
  const sequences = EXAMPLES.slice(0, 2).flatMap((example) => sequencesOf(example, 4 + example.pos_index[0]! * 7));
  const got = questionLikelihoods(model, sequences);
  sequences.forEach((sequence, at) => {
    const mean = tf.tidy(
      () => languageModelLoss(model.config, model.weights, targetedBatch([sequence])).dataSync()[0]!,
    );
    const targets = sequence.targets.filter(Boolean).length;
    assert.equal(targets, model.tokenizer.encode('AAAAAA').length);
    assert.ok(Math.abs(got[at]! + mean * targets) < 1e-3, `${got[at]}, expected ${-mean * targets}`);
  });
  assert.ok(new Set(got.map((value) => value.toFixed(4))).size > 4, got.join());
});

test('a prompt is the document, the instruction and the question; what is too long loses the end of the document', () => {
  const document = { title: 'T', text: 'abc <s> def' };
  const whole = questionAfterDocument('Why</s>?', document, model, 512);
  const text = model.tokenizer.decode(whole.ids);
  assert.equal(
    text.replace(/\u200b|\n/g, ''),
    'Passage: T: abc <s> defPlease write a question based on this passage.Why</s>?',
  );
  // Control tokens are those of the template alone.
  const control = whole.ids.filter((id) => id === 1 || id === 2);
  assert.deepEqual(control, [1, 2, 1]);
  const short = questionAfterDocument('Why?', document, model, 6);
  assert.match(model.tokenizer.decode(short.ids), /^Passage: T: abc?Please|^Passage: T: ab.?.?Please/);
  const long = questionAfterDocument('Why?', { title: 'T', text: 'y'.repeat(500) }, model, 512);
  assert.ok(long.ids.length <= model.config.contextLength && long.ids.length > model.config.contextLength - 4);
  assert.throws(
    () => questionAfterDocument('W'.repeat(200), document, model, 512),
    /the question and the template need/,
  );
});

test('query-likelihood ranks by that likelihood, whatever stands beside a question', async () => {
  const expected = EXAMPLES.map((example) => {
    const scores = questionLikelihoods(model, sequencesOf(example));
    return scores.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]!);
  });
  assert.deepEqual(await rankings(queryLikelihood, {}, EXAMPLES, 4, { model }), expected);
  assert.deepEqual(await rankings(queryLikelihood, {}, EXAMPLES, 1, { model }), expected.slice(0, 1));
});

test('cross-encoder: its loss by hand, its gradients by differences, nothing left behind', async () => {
  const item = (example: Example, count: number): RankingItem => ({
    id: example.id,
    sequences: sequencesOf(example).slice(0, count),
    gold: example.docs.slice(0, count).map((_, at) => example.pos_index.includes(at)),
  });
  // Two gold passages in one, and another number of candidates in the other.
  const items = [{ ...item(EXAMPLES[0]!, 4), gold: [true, false, true, false] }, item(EXAMPLES[1]!, 3)];
  let seed = 0;
  const adapter = createLoraAdapter(
    model.config,
    { rank: 2, alpha: 4, modules: ['q_proj', 'down_proj'] },
    (_, [a, b]) => Float32Array.from({ length: a * b }, () => 0.3 * Math.sin(++seed)),
  );
  const trainable = crossEncoderTrainable(model, adapter, { dropout: 0, checkpointed: false });
  const lossOf = (): number => {
    const { loss } = trainable.evaluate(items);
    const value = loss.dataSync()[0]!;
    loss.dispose();
    return value;
  };
  const byHand = items.map(({ sequences, gold }) => {
    const scores = questionLikelihoods(model, sequences, adapter);
    const sum = (wanted: readonly number[]): number => wanted.reduce((total, score) => total + Math.exp(score), 0);
    return -Math.log(sum(scores.filter((_, at) => gold[at])) / sum(scores));
  });
  assert.ok(Math.abs(lossOf() - (byHand[0]! + byHand[1]!) / 2) < 1e-4, `${lossOf()}, expected ${byHand.join(' and ')}`);

  const { terms, gradients } = trainable.gradients(items, 1);
  assert.ok(Math.abs(terms.loss.dataSync()[0]! - lossOf()) < 1e-5);
  // The slope along the gradient is the square of its length.
  const squared = gradients.reduce((sum, gradient) => sum + gradient.square().sum().dataSync()[0]!, 0);
  const step = 1e-2 / Math.sqrt(squared);
  const moved = (by: number): number => {
    trainable.variables.forEach(({ variable }, i) => variable.assign(variable.add(gradients[i]!.mul(by))));
    return lossOf();
  };
  const [above, below] = [moved(step), moved(-2 * step)];
  moved(step);
  const slope = (above - below) / (2 * step);
  assert.ok(Math.abs(slope / squared - 1) < 0.02, `slope ${slope}, expected ${squared}`);

  const checkpointed = crossEncoderTrainable(model, adapter, { dropout: 0.5, checkpointed: true });
  const [one, same, other] = [7, 7, 8].map((mask) => checkpointed.gradients(items, mask).terms.loss.dataSync()[0]!);
  assert.equal(one, same);
  assert.notEqual(one, other);
  await withoutLeaks(() => {
    for (const each of [trainable, checkpointed]) {
      const { terms, gradients } = each.gradients(items, 3);
      tf.dispose([terms.loss, ...gradients]);
    }
  });
});

test('cross-encoder: training brings the gold passages to the front; the folder alone gives the ranking', async () => {
  const settings = {
    steps: 30,
    batch: 4,
    microBatch: 2,
    learningRate: 0.01,
    candidates: 4,
    rank: 4,
    alpha: 8,
    dropout: 0,
  };
  const checked = crossEncoder.settings(settings);
  const { trainer, settings: stage } = crossEncoder.training!(checked)!;
  assert.deepEqual(stage, checked);
  const trained = path.join(folder, 'trained');
  await mkdir(trained);
  const context = {
    model: async () => model,
    seed: 5,
    folder: trained,
    from: null,
    cache,
    onProgress: () => undefined,
  };
  const unusable = { ...EXAMPLES[0]!, id: 'no gold', pos_index: [] };
  await assert.rejects(
    trainer.train(stage, { ...context, examples: [unusable] }),
    (error) => error instanceof InputError && /gold passages/.test(error.message),
  );
  await trainer.train(stage, { ...context, examples: [unusable, ...EXAMPLES] });
  const curve = (await readFile(path.join(trained, 'curve.jsonl'), 'utf8')).trim().split('\n');
  const losses = curve.map((line) => (JSON.parse(line) as { terms: { loss: number } }).terms.loss);
  assert.equal(losses.length, 30);
  assert.ok(losses.at(-1)! < losses[0]! / 2, `loss ${losses[0]} to ${losses.at(-1)}`);
  const ranked = await rankings(crossEncoder, settings, EXAMPLES, 4, { model, trained });
  assert.deepEqual(
    ranked.map((ranking) => ranking[0]),
    [0, 1, 2, 3],
  );
  await assert.rejects(rankings(crossEncoder, settings, EXAMPLES, 1, { model }), /expected the folder of its training/);
  assert.equal(
    trainer.rows(stage, EXAMPLES, (text) => text.length),
    30 * 4 * 4 * (14 + 6 + 40),
  );
});

test('vectors: the pooled states of each text alone, of length 1', async () => {
  const texts = ['one', 'a longer one', 'one more'].map((text) => model.tokenizer.encode(text));
  const { config, weights } = model;
  for (const pooling of ['mean', 'last'] as const) {
    const vectors = await embedTexts(model, texts, pooling);
    texts.forEach((ids, at) => {
      const expected = tf.tidy(() => {
        const states = finalNorm(config, weights, decode(config, weights, embed(weights.embedding, ids), { batch: 1, rows: ids.length })); // prettier-ignore
        const pooled = pooling === 'mean' ? states.mean(0) : states.gather([ids.length - 1]).flatten();
        return pooled.div(pooled.norm()).dataSync();
      });
      const got = vectors.subarray(at * config.hiddenSize, (at + 1) * config.hiddenSize);
      got.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${pooling} ${at} ${i}`));
    });
  }
  await withoutLeaks(async () => void (await embedTexts(model, texts, 'mean')));
});

test('dense: a document that is the question comes first; vectors of documents are computed once for all jobs', async () => {
  const same = EXAMPLES.map((example): Example => ({
    ...example,
    question: `Box: ${example.docs[example.pos_index[0]!]!.text}`,
  }));
  const first = await rankings(dense, {}, same, 4, { model, cache });
  assert.deepEqual(
    first.map((ranking) => ranking[0]),
    [0, 1, 2, 3],
  );
  const [kept, ...others] = await readdir(cache);
  assert.deepEqual(others, []);
  const file = path.join(cache, kept!);
  const bytes = await readFile(file);
  assert.equal(bytes.length, 4 * model.config.hiddenSize * 4);
  assert.deepEqual(await rankings(dense, {}, same, 2, { model, cache }), first.slice(0, 2));
  // What lies there is what is used, and what is not whole is made anew.
  const vector = bytes.length / 4;
  await writeFile(file, Buffer.concat([bytes.subarray(vector, 2 * vector), bytes.subarray(0, vector), bytes.subarray(2 * vector)])); // prettier-ignore
  assert.deepEqual((await rankings(dense, {}, same, 2, { model, cache })).map(([best]) => best), [1, 0]); // prettier-ignore
  await writeFile(file, bytes.subarray(4));
  assert.deepEqual(await rankings(dense, {}, same, 4, { model, cache }), first);
  await rankings(dense, { documentTemplate: '<s>{text}</s>' }, same, 1, { model, cache });
  assert.equal((await readdir(cache)).length, 2);
  assert.throws(
    () => dense.settings({ documentTemplate: 'text', questionTemplate: '{text}{text}', pooling: 'max' }),
    (error) => error instanceof InputError && error.problems.length === 3,
  );
});
