import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../../datasets/example.ts';
import { chooseDocuments } from '../../../baselines/choose-documents.ts';
import { bm25 } from '../../../baselines/rankers/bm25.ts';
import { bm25Scores, DocumentFrequencies } from '../../../baselines/rankers/bm25-scores.ts';
import { wordTokens } from '../../../baselines/rankers/word-tokens.ts';
import { text } from '../../../baselines/text.ts';
import { InputError } from '../../../harness/errors.ts';
import { rankings } from './rankings.ts';

const QUESTION = 'Where is the SALT, the salt?';
const DOCS = [
  'Salt Hills: the salt of the hills, salt',
  'Café: a café in Paris',
  'River: the river runs to the sea by the salt marsh',
];

function example(id: string, question: string, texts: readonly string[]): Example {
  const docs = texts.map((text) => {
    const [title, ...rest] = text.split(': ');
    return { title: title!, text: rest.join(': ') };
  });
  return { id, question, answers: ['x'], docs, pos_index: [] };
}

function near(got: readonly number[], wanted: readonly number[]): void {
  got.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]!) < 1e-12, `${at}: ${value}, not ${wanted[at]}`));
  assert.equal(got.length, wanted.length);
}

test('words: runs of letters, marks and digits, in lower case, whatever the script', () => {
  assert.deepEqual(wordTokens('Don’t: 3.5 % ＡＢＣ'), ['don', 't', '3', '5', 'abc']);
  assert.deepEqual(wordTokens('Ünlü हिन्दी'), ['ünlü', 'हिन्दी']);
  assert.deepEqual(wordTokens('東京 tower かな'), ['東', '京', 'tower', 'か', 'な']);
  assert.deepEqual(wordTokens(' …'), []);
});

test('the scores of a formula worked out elsewhere', () => {
  /*
   * The loop of rank_bm25's BM25Okapi.get_scores in Python, with Lucene's idf. By hand for the first document: 8 words, the three have 8, 5 and 11, so that the mean is 8
   * and the damping 1.2 (1 - 0.75 + 0.75) = 1.2. "salt" (twice in the question) is in 2 of 3 documents, ln(1 + 1.5 / 2.5) = 0.470004, and 3 times in this one:
   * 0.470004 x 3 x 2.2 / 4.2 = 0.738577; "the" likewise with 2: 0.470004 x 2 x 2.2 / 3.2 = 0.646255; 2 (0.738577 + 0.646255) = 2.769664. "where" and "is" are in none.
   */
  near(
    bm25Scores(QUESTION, DOCS, new DocumentFrequencies(DOCS), { k1: 1.2, b: 0.75 }),
    [2.7696642437695136, 0, 2.1822649476129814],
  );
  const more = new DocumentFrequencies([...DOCS, 'Sea: the sea']);
  near(bm25Scores(QUESTION, DOCS, more, { k1: 2, b: 0.25 }), [3.4957763415931726, 0, 2.462607404121238]);
  near(bm25Scores('Café', ['', ''], new DocumentFrequencies(['', '']), { k1: 1.2, b: 0.75 }), [0, 0]);
});

test('candidates come best first, equal ones in their order', async () => {
  const one = example('one', QUESTION, [DOCS[1]!, DOCS[2]!, 'Other: nothing of it', DOCS[0]!]);
  const none = example('none', 'Quoi?', DOCS);
  const empty = { ...none, id: 'empty', docs: [] };
  assert.deepEqual(await rankings(bm25, {}, [one, none, empty]), [[3, 1, 0, 2], [0, 1, 2], []]);
});

test('idf over the candidates of the whole job weighs what is rare there', async () => {
  // Among its own candidates each word is in one of two; in the job "river" is everywhere, and "lake" stays rare.
  const asked = example('asked', 'river lake', ['A: river', 'B: lake']);
  const other = example('other', 'x', ['C: river one', 'D: river two', 'E: river three']);
  assert.deepEqual(await rankings(bm25, { idf: 'question' }, [asked, other], 1), [[0, 1]]);
  assert.deepEqual(await rankings(bm25, { idf: 'job' }, [asked, other], 1), [[1, 0]]);
  // A document that several questions share is one of the collection: as often as it is asked for would make its words common.
  const again = Array.from({ length: 9 }, (_, at) => example(`again ${at}`, 'x', ['B: lake']));
  assert.deepEqual(await rankings(bm25, { idf: 'job' }, [asked, other, ...again], 1), [[1, 0]]);
});

test('settings are checked, and defaults filled in', () => {
  assert.deepEqual(bm25.settings({}), { idf: 'question', k1: 1.2, b: 0.75 });
  assert.throws(
    () => bm25.settings({ idf: 'all', k1: -1, b: 2, stem: true }),
    (error) => error instanceof InputError && error.problems.length === 4,
  );
});

test('systems that read documents may be given the best by BM25, best first', () => {
  const one = example('one', QUESTION, [DOCS[1]!, DOCS[2]!, 'Other: nothing of it', DOCS[0]!]);
  assert.deepEqual(chooseDocuments(one, 'bm25-2'), [3, 1]);
  assert.deepEqual(chooseDocuments(one, 'bm25-9'), [3, 1, 0, 2]);
  assert.equal(text.settings({ docs: 'bm25-2' }).docs, 'bm25-2');
  assert.throws(() => text.settings({ docs: 'bm25-0' }), InputError);
});
