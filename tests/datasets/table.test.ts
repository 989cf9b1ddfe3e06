import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Reading } from '../../datasets/format.ts';
import { readTable } from '../../datasets/table.ts';
import { InputError } from '../../harness/errors.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-table-'));
after(() => rm(folder, { recursive: true }));

async function read(
  name: string,
  text: string | Uint8Array,
  columns: Record<string, string[]> = {},
): Promise<Reading[]> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  const readings: Reading[] = [];
  for await (const reading of readTable(file, columns)) readings.push(reading);
  return readings.map((reading) => JSON.parse(JSON.stringify(reading).replaceAll(`${folder}/`, '')) as Reading);
}

async function refused(text: string | Uint8Array, columns?: Record<string, string[]>): Promise<string> {
  try {
    await read('t.csv', text, columns);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.message.replaceAll(`${folder}/`, '');
  }
  assert.fail('expected an InputError');
}

test('columns are found by their own names or mapped, several for one field', async () => {
  const text =
    '\ufeffQ,answer,alias,pos_index,p1,p2\r\n"Who, say?",Ada,A.,1,"one\r\ntwo",three\r\n\r\nWhat?,B,,,x,\r\n';
  assert.deepEqual(await read('t.csv', text, { question: ['Q'], answer: ['answer', 'alias'], doc: ['p1', 'p2'] }), [
    {
      where: 't.csv:2',
      draft: {
        question: 'Who, say?',
        answers: ['Ada', 'A.'],
        docs: [
          { title: '', text: 'one\ntwo' },
          { title: '', text: 'three' },
        ],
        pos_index: [1],
      },
    },
    { where: 't.csv:5', draft: { question: 'What?', answers: ['B'], docs: [{ title: '', text: 'x' }], pos_index: [] } },
  ]);
});

test('a TSV with JSON lists', async () => {
  const docs = JSON.stringify(['plain', { title: 'T', text: 'titled' }]).replaceAll('"', '""');
  const [reading] = await read(
    't.tsv',
    `id\tquestion\tanswers\tdocs\tpos_index\n7\tq\t"[""a"",""b""]"\t"${docs}"\t[0, 1]\n`,
  );
  assert.deepEqual(reading, {
    where: 't.tsv:2',
    draft: {
      id: '7',
      question: 'q',
      answers: ['a', 'b'],
      docs: [
        { title: '', text: 'plain' },
        { title: 'T', text: 'titled' },
      ],
      pos_index: [0, 1],
    },
  });
});

test('a gold column is one candidate among the others, not always the first', async () => {
  const rows = Array.from({ length: 20 }, (_, index) => `q${index},a,gold ${index},other`).join('\n');
  const readings = await read('t.csv', `question,answer,gold,doc\n${rows}\n`);
  const places = readings.map((reading) => {
    assert.ok('draft' in reading);
    assert.match(reading.draft.docs[reading.draft.pos_index[0]!]!.text, /^gold/);
    return reading.draft.pos_index[0];
  });
  assert.deepEqual([...new Set(places)].sort(), [0, 1]);
});

test('bad rows are told with line and field, good ones after them are read', async () => {
  const text = 'question,answers,docs,pos_index\nq,a,"[1]",0\nq,"[""a""]","[""d""]",1\nq\nq,"[""a""]",[],\n';
  assert.deepEqual(await read('t.csv', text), [
    {
      where: 't.csv:2',
      problems: [
        't.csv:2: answers: expected a JSON list, got "a"',
        't.csv:2: docs[0]: expected string, got number',
        't.csv:2: pos_index: expected indexes from 0 to below 0, got 0',
      ],
    },
    { where: 't.csv:3', problems: ['t.csv:3: pos_index: expected indexes from 0 to below 1, got 1'] },
    { where: 't.csv:4', problems: ['t.csv:4: expected 4 cells, as in the header, got 1'] },
    { where: 't.csv:5', draft: { question: 'q', answers: ['a'], docs: [], pos_index: [] } },
  ]);
  const [broken] = await read('t.csv', 'question,answer\n"a "stray" quote",b\n');
  assert.ok(broken && 'problems' in broken);
  assert.match(broken.problems[0]!, /^t\.csv:2: Trailing quote/);
});

test('rows lie across the chunks that are read, line ends too', async () => {
  const rows = Array.from(
    { length: 30_000 },
    (_, index) => `"q ${index}\r\nsecond line",a${index},"p ""${'é'.repeat(20)}"""`,
  );
  const readings = await read('t.csv', `question,answer,doc\r\n${rows.join('\r\n')}\r\n`);
  assert.equal(readings.length, rows.length);
  for (const [index, reading] of readings.entries()) {
    assert.ok('draft' in reading, reading.where);
    assert.equal(reading.where, `t.csv:${2 + 2 * index}`);
    assert.deepEqual(reading.draft.answers, [`a${index}`]);
    assert.equal(reading.draft.question, `q ${index}\nsecond line`);
  }
});

test('a table that cannot be mapped is refused, all problems at once', async () => {
  assert.equal(
    await refused('Q,Q,x\n', { answer: ['A'] }),
    't.csv:1: columns of the same name: Q\n' +
      't.csv:1: no column "A" for answer; columns: Q, Q, x\n' +
      't.csv:1: no column "question"; name one with --column question=NAME; columns: Q, Q, x',
  );
  assert.match(await refused(''), /expected a header line, got an empty file/);
  assert.match(await refused(Buffer.from('question,answer\nq,\xe9\n', 'latin1')), /^t\.csv:1: expected UTF-8 text/);
  assert.match(
    await refused(`question,answer\n"${'x'.repeat(18 * 2 ** 20)}`),
    /^t\.csv:2: a row of over .* expected a closing quote/,
  );
});
