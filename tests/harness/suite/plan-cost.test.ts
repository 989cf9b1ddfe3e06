import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { LastQuestions } from '../../../harness/suite/last-questions.ts';
import { questionsOf, type Questions } from '../../../harness/suite/questions.ts';
import { rememberEncodings } from '../../../harness/suite/remember-encodings.ts';
import { TrainingRows } from '../../../harness/suite/training-rows.ts';
import { temporaryFolder } from './run.ts';

test('rows of a stage are counted once for each settings and way of counting', () => {
  let asked = 0;
  const trainer = { id: 'tiny', train: () => Promise.resolve(), rows: ({ steps }: { steps?: unknown }) => (asked++, Number(steps)) }; // prettier-ignore
  const rows = new TrainingRows();
  const of = (settings: Record<string, unknown>, model: string | null): number =>
    rows.of({ trainer, settings, from: null }, [], { model, count: () => 1 });
  const found = [of({ steps: 3, mark: 'x' }, null), of({ mark: 'x', steps: 3 }, null), of({ steps: 4 }, null), of({ steps: 4 }, 'a'), of({ steps: 3, mark: 'x' }, null)]; // prettier-ignore
  assert.deepEqual(found, [3, 3, 4, 4, 3]);
  assert.equal(asked, 3);
});

test('the questions of the last benchmark are kept, and no others', async (context) => {
  const folder = temporaryFolder(context);
  const open = (name: string): Promise<Questions> => {
    const file = path.join(folder, `${name}.jsonl`);
    writeFileSync(file, `${JSON.stringify({ id: name, question: '?', answers: ['a'], docs: [], pos_index: [] })}\n`);
    return questionsOf({ file, split: 'dev', select: 'first', seed: 0 }, undefined);
  };
  const [first, second] = [await open('first'), await open('second')];
  const job = ({ benchmark, selection, examples, sha256 }: Questions) => ({ benchmark, selection, examples: { count: examples.length, sha256 } }); // prettier-ignore
  const questions = new LastQuestions();
  const read = await questions.of(job(first));
  assert.deepEqual(read.map(({ id }) => id), ['first']); // prettier-ignore
  rmSync(path.join(folder, 'first.jsonl'));
  assert.equal(await questions.of(job(first)), read);
  assert.deepEqual((await questions.of(job(second))).map(({ id }) => id), ['second']); // prettier-ignore
  await assert.rejects(questions.of(job(first)), /first\.jsonl/);
});

test('a text is tokenised once, and what is done to the ids changes no later ones', () => {
  const asked: string[] = [];
  const encode = rememberEncodings((text) => (asked.push(text), [text.length]));
  encode('four').push(9);
  assert.deepEqual([encode('four'), encode('three')], [[4], [5]]);
  assert.deepEqual(asked, ['four', 'three']);
  // More than is kept: all is forgotten, nothing is wrong.
  for (const letter of 'abc') assert.deepEqual(encode(letter.repeat(1 << 24)), [1 << 24]);
  assert.deepEqual(encode('four'), [4]);
  assert.equal(asked.filter((text) => text === 'four').length, 2);
});
