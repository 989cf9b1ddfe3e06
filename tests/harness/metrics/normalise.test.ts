import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseAnswer, splitWords } from '../../../harness/metrics/normalise.ts';

// Each expected value is what Python 3.11 gives for the same text.
const CASES: readonly (readonly [text: string, re: string, regex?: string])[] = [
  ['The SALT HILLS!', 'salt hills'],
  ['an A the Theatre', 'theatre'],
  ["the cat's U.S. a-b", 'cats us ab'],
  ['the_', ''],
  ['a_b', 'ab'],
  ['', ''],
  ['%', ''],
  ['Aída', 'aída'],
  ['a\u00a0b', 'b'],
  ['a\u0085b\u001fc', 'b c'],
  ['\ufeffa b', '\ufeff b'],
  ['x\ufeffy', 'x\ufeffy'],
  ['“The” river', '“ ” river'],
  ['don’t', 'don’t'],
  ['the中', 'the中'],
  ['ΟΔΟΣ', 'οδος'],
  ['İ', 'i̇'],
  ['STRASSE straße', 'strasse straße'],
  // Where Python's two libraries part: combining marks, superscripts and fractions.
  ['e\u0301 a\u0301', 'e\u0301 \u0301', 'e\u0301 a\u0301'],
  ['a²', 'a²', '²'],
  ['the½', 'the½', '½'],
  ['\u{1d41a} a', '\u{1d41a}'],
  ['a\u0001b', '\u0001b'],
];

test('answers are normalised as Python does it', () => {
  for (const [text, re, regex = re] of CASES) {
    assert.equal(normaliseAnswer(text).text, re, JSON.stringify(text));
    assert.equal(normaliseAnswer(text, 'regex').text, regex, JSON.stringify(text));
    assert.equal(normaliseAnswer(text).words.join(' '), re);
  }
});

test('words are parted at the white space of Python, not of JavaScript', () => {
  assert.deepEqual(splitWords(' a\u001cb\u0085c\u2028d\ufeffe\u200bf\t\n'), ['a', 'b', 'c', 'd\ufeffe\u200bf']);
  assert.deepEqual(splitWords(' \u3000'), []);
});
