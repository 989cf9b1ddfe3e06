import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../datasets/example.ts';
import { openBenchmark } from '../../datasets/open-benchmark.ts';
import { pretrainingPassages } from '../../harness/clara/pretraining-passages.ts';
import { overlap } from '../../harness/suite/overlap.ts';

const root = import.meta.dirname;
const dev = await load('dev');
const train = await load('train');
const splits = [
  { split: 'dev', examples: dev, questions: 40, passages: 60, candidates: [6, 10], yesNo: 5, hops: [18, 22] },
  { split: 'train', examples: train, questions: 60, passages: 24, candidates: [4, 5], yesNo: 2, hops: [48, 12] },
] as const;

async function load(split: string): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const example of (await openBenchmark('sample', { split, root })).load()) examples.push(example);
  return examples;
}

const words = (text: string): number => text.split(' ').length;
const isYesNo = ({ answers }: Example): boolean => answers[0] === 'yes' || answers[0] === 'no';
const gold = ({ docs, pos_index }: Example) => pos_index.map((index) => docs[index]!);
const allText = (examples: readonly Example[]): string =>
  examples.flatMap(({ question, docs }) => [question, ...docs.flatMap(({ title, text }) => [title, text])]).join('\n');

/** The text of each passage by its title; every title has one text only. */
function passagesOf(examples: readonly Example[]): Map<string, string> {
  const passages = new Map<string, string>();
  for (const { title, text } of examples.flatMap(({ docs }) => docs)) {
    assert.equal(passages.get(title) ?? text, text, title);
    passages.set(title, text);
  }
  return passages;
}

test('the questions for tests are the bytes that numbers were published for', async () => {
  const { sha256, rows } = await openBenchmark('sample', { root });
  assert.deepEqual([sha256, rows], ['b3bf0d161cfa26f196016f50f9c1e476e1244e833354237d4cb495d6e0ab3c3f', 40]);
});

for (const { split, examples, questions, passages: size, candidates, yesNo, hops } of splits) {
  test(`${split} has ${questions} questions over ${size} passages, each of which is a candidate, with one text a title`, () => {
    assert.equal(examples.length, questions);
    assert.equal(new Set(examples.map(({ id }) => id)).size, questions);
    assert.equal(new Set(examples.map(({ question }) => question)).size, questions);
    const passages = passagesOf(examples);
    assert.equal(passages.size, size);
    for (const [title, text] of passages) assert.ok(words(text) >= 25 && words(text) <= 90, title);
  });

  test(`${split} has ${candidates.join(' to ')} different candidates a question, and the gold ones are not always in the same place`, () => {
    for (const { id, docs } of examples) {
      assert.ok(docs.length >= candidates[0] && docs.length <= candidates[1], id);
      assert.equal(new Set(docs.map(({ title }) => title)).size, docs.length, id);
    }
    const places = examples.map(({ pos_index }) => pos_index[0]!);
    assert.ok(new Set(places).size >= candidates[0]);
    for (const place of places) assert.ok(places.filter((other) => other === place).length <= questions / 2);
  });

  test(`${split} has its answer in a gold passage, but for yes/no questions`, () => {
    assert.equal(examples.filter(isYesNo).length, yesNo);
    for (const example of examples.filter((one) => !isYesNo(one))) {
      const text = gold(example)
        .map((doc) => `${doc.title}\n${doc.text}`)
        .join('\n')
        .toLowerCase();
      assert.ok(text.includes(example.answers[0]!.toLowerCase()), example.id);
    }
  });

  test(`${split} has two-hop questions that need both passages`, () => {
    assert.deepEqual(
      [1, 2].map((count) => examples.filter((one) => one.pos_index.length === count).length),
      hops,
    );
    for (const example of examples.filter((one) => one.pos_index.length === 2)) {
      const { id, question, answers } = example;
      const [first, second] = gold(example);
      const named = [first!, second!].filter(({ title }) => question.includes(title));
      if (named.length === 2) continue; // a comparison: each passage holds one side only
      // A bridge: the passage with the answer has a title that only the other passage gives away.
      const answer = answers[0]!.toLowerCase();
      const [last, before] = second!.text.toLowerCase().includes(answer) ? [second!, first!] : [first!, second!];
      const isLink = before.text.includes(last.title) || last.text.includes(before.title);
      assert.ok(isLink, `${id}: the passages are linked by a title`);
      assert.ok(!question.includes(last.title), `${id}: the question does not name the last passage`);
      assert.ok(!before.text.toLowerCase().includes(answer), `${id}: the first passage alone does not answer`);
    }
  });

  test(`${split} has aliases, accents, other scripts, curly quotes and dashes, and no white space but single spaces`, () => {
    const all = examples.map((example) => JSON.stringify(example)).join('\n');
    const signs = { dev: ['é', 'ø', '荒川', 'Ирина', '“', '–', '−'], train: ['ë', 'Ł', 'Ō', '小夜', '“', '’', '–'] };
    for (const sign of signs[split]) assert.ok(all.includes(sign), sign);
    assert.ok(examples.filter(({ answers }) => answers.length > 1).length >= 20);
    for (const { question, answers, docs } of examples) {
      for (const text of [question, ...answers, ...docs.flatMap((doc) => [doc.title, doc.text])]) {
        assert.equal(text, text.replace(/\s+/g, ' ').trim());
      }
    }
  });
}

test('what is learnt in training tells nothing of the test: no passage, title, answer or question', () => {
  assert.equal(overlap(train, dev), undefined);
  const learnt = allText(train);
  const asked = allText(dev);
  for (const [title, text] of passagesOf(dev)) assert.ok(!learnt.includes(title) && !learnt.includes(text), title);
  for (const [title, text] of passagesOf(train)) assert.ok(!asked.includes(title) && !asked.includes(text), title);
  for (const { id, answers } of dev.filter((example) => !isYesNo(example))) {
    for (const answer of answers) assert.ok(!learnt.toLowerCase().includes(answer.toLowerCase()), `${id}: ${answer}`);
  }
});

test('train has every passage with questions of its own, most of them two or three', () => {
  const passages = pretrainingPassages(train);
  assert.equal(passages.length, 24);
  assert.ok(passages.filter(({ pairs }) => pairs.length >= 2).length >= 20);
});
