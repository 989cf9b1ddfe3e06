import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../datasets/example.ts';
import { openBenchmark } from '../../datasets/open-benchmark.ts';

const sample = await openBenchmark('sample', { root: import.meta.dirname });
const examples: Example[] = [];
for await (const example of sample.load()) examples.push(example);

const words = (text: string): number => text.split(' ').length;
const isYesNo = ({ answers }: Example): boolean => answers[0] === 'yes' || answers[0] === 'no';
const gold = ({ docs, pos_index }: Example) => pos_index.map((index) => docs[index]!);

test('has 40 questions over 60 passages, each of which is a candidate, with one text a title', () => {
  assert.equal(examples.length, 40);
  assert.equal(sample.rows, 40);
  assert.equal(new Set(examples.map(({ id }) => id)).size, 40);
  assert.equal(new Set(examples.map(({ question }) => question)).size, 40);
  const passages = new Map<string, string>();
  for (const { title, text } of examples.flatMap(({ docs }) => docs)) {
    assert.equal(passages.get(title) ?? text, text, title);
    passages.set(title, text);
  }
  assert.equal(passages.size, 60);
  for (const [title, text] of passages) assert.ok(words(text) >= 25 && words(text) <= 90, title);
});

test('has 6 to 10 different candidates a question, and the gold ones are not always in the same place', () => {
  for (const { id, docs } of examples) {
    assert.ok(docs.length >= 6 && docs.length <= 10, id);
    assert.equal(new Set(docs.map(({ title }) => title)).size, docs.length, id);
  }
  assert.ok(new Set(examples.map(({ pos_index }) => pos_index[0])).size >= 6);
});

test('has its answer in a gold passage, but for yes/no questions', () => {
  assert.equal(examples.filter(isYesNo).length, 5);
  for (const example of examples.filter((one) => !isYesNo(one))) {
    const text = gold(example)
      .map((doc) => `${doc.title}\n${doc.text}`)
      .join('\n')
      .toLowerCase();
    assert.ok(text.includes(example.answers[0]!.toLowerCase()), example.id);
  }
});

test('has two-hop questions that need both passages', () => {
  assert.deepEqual(
    [1, 2].map((hops) => examples.filter((one) => one.pos_index.length === hops).length),
    [18, 22],
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

test('has aliases, accents, other scripts, curly quotes and dashes, and no white space but single spaces', () => {
  const all = examples.map((example) => JSON.stringify(example)).join('\n');
  for (const sign of ['é', 'ø', '荒川', 'Ирина', '“', '–', '−']) assert.ok(all.includes(sign), sign);
  assert.ok(examples.filter(({ answers }) => answers.length > 1).length >= 20);
  for (const { question, answers, docs } of examples) {
    for (const text of [question, ...answers, ...docs.flatMap((doc) => [doc.title, doc.text])]) {
      assert.equal(text, text.replace(/\s+/g, ' ').trim());
    }
  }
});
