import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillers } from '../../../datasets/atlas/fillers.ts';
import { attributes, KINDS, links } from '../../../datasets/atlas/grammar.ts';
import { nameWords } from '../../../datasets/atlas/names.ts';
import { pools } from '../../../datasets/atlas/pools.ts';
import { vocabulary } from '../../../datasets/atlas/vocabulary.ts';
import { words } from '../../../datasets/atlas/words.ts';

const templateWords = (template: string): string[] => words(template.replaceAll(/\{\w+\}/g, ' '));
const open = [
  ...KINDS.flatMap((kind) => [...nameWords[kind].first, ...nameWords[kind].last]),
  ...Object.values(pools).flat(),
];

test('every word of names and values is one token, has one place, and occurs in no template, whatever its case', () => {
  assert.deepEqual(
    KINDS.map((kind) => [nameWords[kind].first.length, nameWords[kind].last.length]),
    [
      [40, 40],
      [24, 24],
      [24, 24],
      [24, 24],
    ],
  );
  for (const [id, pool] of Object.entries(pools)) assert.equal(pool.length, 24, id);
  for (const word of open) assert.match(word, /^[A-Za-z]+$/);
  const plain = open.map((word) => word.toLowerCase());
  assert.equal(new Set(plain).size, plain.length);
  const fixed = new Set(
    [
      ...[...attributes, ...links].flatMap(({ statements, questions }) => [...statements, ...questions]),
      ...attributes.map(({ same }) => same),
      ...links.map(({ phrase }) => phrase),
      ...fillers,
    ]
      .flatMap(templateWords)
      .map((word) => word.toLowerCase()),
  );
  assert.deepEqual(
    plain.filter((word) => fixed.has(word)),
    [],
  );
});

test('24 attributes, six a kind with a pool each; statements name their entity in at most 7 tokens', () => {
  for (const kind of KINDS) {
    const own = attributes.filter((attribute) => attribute.kind === kind);
    assert.equal(own.length, 6, kind);
    assert.equal(new Set(own.map(({ pool }) => pool)).size, 6, kind);
    assert.equal(links.filter((link) => link.kind === kind).length, 1, kind);
  }
  for (const predicate of [...attributes, ...links]) {
    const value = 'target' in predicate ? 'Iron Key' : 'oak';
    for (const template of predicate.statements) {
      assert.match(template, /\{name\}.*\.$/);
      assert.match(template, /\{value\}/);
      const filled = template.replace('{name}', 'Mira Tolm').replace('{value}', value);
      assert.ok(words(filled).length <= 7, filled);
      if ('pool' in predicate && /\ba \{value\}/i.test(template)) {
        for (const word of pools[predicate.pool]) assert.doesNotMatch(word, /^[aeiou]/, filled);
      }
    }
    for (const template of predicate.questions) assert.match(template, /^[A-Z].*\{name\}.*\?$/);
  }
  const questions = [...attributes, ...links].flatMap((predicate) =>
    predicate.questions.map((text) => `${predicate.kind}: ${text}`),
  );
  assert.equal(new Set(questions).size, questions.length, 'a question tells its attribute');
  assert.equal(new Set(fillers).size, fillers.length);
  for (const filler of fillers) assert.ok(words(filler.replace('{name}', 'Mira Tolm')).length <= 7, filler);
});

test('the vocabulary holds each word once', () => {
  assert.equal(new Set(vocabulary).size, vocabulary.length);
  for (const word of [...open, '.', '?', ':', "'s", 'yes', 'no']) assert.ok(vocabulary.includes(word), word);
  for (const word of vocabulary) assert.deepEqual(words(word), [word]);
});
