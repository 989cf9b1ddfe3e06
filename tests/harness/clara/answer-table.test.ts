import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTable } from '../../../harness/clara/answer-table.ts';

const documents = Array.from({ length: 13 }, (_, n) => ({ title: n === 1 ? 'T' : '', text: `passage ${n + 1}` }));
const order = [1, 0, ...Array.from({ length: 11 }, (_, n) => n + 2)];
const answered = {
  answer: 'Paris\u001b[31m',
  ranking: order.map((document, rank) => ({ document, score: 0.9 - rank / 100 })),
  selected: [1, 12],
  tokens: { source: 250, vectors: 32, prompt: 90, output: 3, truncated: 4 },
  ms: { compress: 1234, rank: 12, prefill: 400, decode: 204 },
};

test('ranking, chosen documents, measured ratio, answer and times are shown, and nothing that moves the cursor', () => {
  const shown = answerTable({ question: 'Where?', documents, ratio: 16, answered, text: null });
  assert.equal(
    shown,
    `question: Where?

rank  cosine     document  passage
   1  0.9000  *         2  T: passage 2
   2  0.8900            1  passage 1
   3  0.8800            3  passage 3
   4  0.8700            4  passage 4
   5  0.8600            5  passage 5
   6  0.8500            6  passage 6
   7  0.8400            7  passage 7
   8  0.8300            8  passage 8
   9  0.8200            9  passage 9
  10  0.8100           10  passage 10
  13  0.7800  *        13  passage 13
and 2 further ones

chosen  2, 13 of 13 documents
ratio   7.81 measured (250 tokens as 32 vectors, 4 tokens cut off), 16 nominal
answer  Paris\\u{1b}[31m

                clara
compress       1.23 s
rank           0.01 s
prefill        0.40 s
decode         0.20 s
total          1.85 s
prompt tokens      90
output tokens       3
`,
  );
});

test('the text system stands beside it, and a checkpoint without a query reasoner says so', () => {
  const text = { answer: 'Rome', tokens: { prompt: 300, output: 5 }, ms: { prefill: 2000, decode: 500 } };
  const shown = answerTable({
    question: 'Where?',
    documents,
    ratio: 16,
    answered: { ...answered, ranking: null },
    text,
  });
  assert.match(shown, /no query reasoner/);
  assert.match(shown, /^ {3}1 {7}- {12}1 {2}passage 1$/m);
  assert.match(shown, /^text system {2}Rome$/m);
  assert.match(shown, /^compress +1\.23 s +-$/m);
  assert.match(shown, /^total +1\.85 s +2\.50 s$/m);
  assert.match(shown, /^prompt tokens +90 +300$/m);
});
