import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { z } from 'zod';
import { chanceWithoutDocuments } from '../../../datasets/atlas/chance-without-documents.ts';
import { atlasDials, checkDials } from '../../../datasets/atlas/dials.ts';
import { ATLAS_SPLITS, shareWord, type AtlasSplit } from '../../../datasets/atlas/entity-name.ts';
import { generateAtlas } from '../../../datasets/atlas/generate.ts';
import { attributes, KINDS } from '../../../datasets/atlas/grammar.ts';
import { nameWords } from '../../../datasets/atlas/names.ts';
import { pools } from '../../../datasets/atlas/pools.ts';
import { vocabulary } from '../../../datasets/atlas/vocabulary.ts';
import { words } from '../../../datasets/atlas/words.ts';
import { exampleSchema, type Example } from '../../../datasets/example.ts';
import { nativeLine } from '../../../datasets/native.ts';
import type { InputError } from '../../../harness/errors.ts';
import { documentText } from '../../../harness/prompt.ts';
import { asked, factsIn, solve } from './solver.ts';

type Dials = z.input<typeof atlasDials>;

function generate(split: AtlasSplit, questions: number, dials: Dials = {}): Example[] {
  return [...generateAtlas(split, questions, atlasDials.parse(dials))];
}

/** Pearson's statistic against equal expectations. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** A share, four standard errors around it. */
function assertShare(found: number, of: number, expected: number, what: string): void {
  const error = 4 * Math.sqrt((expected * (1 - expected)) / of);
  assert.ok(Math.abs(found / of - expected) <= error, `${what}: expected ${expected}, got ${found} of ${of}`);
}

const gold = ({ docs, pos_index }: Example) => docs[pos_index[0]!]!;
const named = (title: string) => {
  const [first, last] = title.split(' ') as [string, string];
  const kind = KINDS.find((one) => nameWords[one].first.includes(first))!;
  return { kind, first: nameWords[kind].first.indexOf(first), last: nameWords[kind].last.indexOf(last) };
};

test('the same questions give the same bytes everywhere; more of them begin with the same', () => {
  const hash = (examples: readonly Example[]): string =>
    createHash('sha256')
      .update(examples.map((example) => `${nativeLine(example)}\n`).join(''))
      .digest('hex');
  const thousand = generate('dev', 1000);
  // A change of these bytes needs a new VERSION in atlas-file.ts.
  assert.equal(hash(thousand), 'cda029250ff57e91a56e13e994dadb2aaa5e96ef6951fcd0e39f4e371ea62191');
  assert.equal(
    hash(generate('train', 500, { ask: 'all', length: 60 })),
    '0a24825a83bb9cf53baf20bf1cee8ebab7be3b845151359866eab68692bdea19',
  );
  assert.equal(hash(generate('dev', 1300).slice(0, 1000)), hash(thousand));
  assert.notEqual(hash(generate('dev', 1000, { seed: 1 })), hash(thousand));
  assert.deepEqual([thousand[0]!.id, thousand[999]!.id], ['atlas-dev-0000001', 'atlas-dev-0001000']);
});

test('no entity and no fact of one split occurs in another', () => {
  const seen = new Map<string, string>();
  const facts = new Set<string>();
  for (const split of ATLAS_SPLITS) {
    for (const { docs } of [...generate(split, 500, { documents: 12 }), ...generate(split, 200, { hops: 2 })]) {
      for (const { title, text } of docs) {
        for (const [key, value] of factsIn(text)) {
          if (split === 'train') facts.add(`${key}: ${value}`);
          else assert.ok(!facts.has(`${key}: ${value}`));
          for (const name of [key.split('/')[0]!, ...(value.includes(' ') ? [value] : [])]) {
            assert.equal(seen.get(name) ?? split, split, name);
            seen.set(name, split);
          }
        }
        assert.equal(seen.get(title), split);
      }
    }
  }
  assert.ok(seen.size > 2900, 'of 3,328 names nearly all come up');
});

test('without the passages a question tells nothing: values are uniform, whatever the name, and so are places', () => {
  const examples = generate('dev', 20_000);
  const places = [0, 0, 0, 0];
  const values = new Array<number>(24).fill(0);
  const byName = Array.from({ length: 40 }, () => new Array<number>(24).fill(0));
  for (const example of examples) {
    const { id, name } = asked(example.question);
    const attribute = attributes.find((one) => one.id === id)!;
    const value = pools[attribute.pool].indexOf(example.answers[0]!);
    places[example.pos_index[0]!]!++;
    values[value]!++;
    if (attribute.kind === 'person') byName[named(name).first]![value]!++;
  }
  // 0.999 quantiles: 3 and 23 degrees of freedom; and 40 tables of 23, by the normal approximation.
  assert.ok(chiSquare(places) < 16.3, `places ${places.join()}`);
  assert.ok(chiSquare(values) < 49.7, `values ${values.join()}`);
  const given = byName.reduce((sum, counts) => sum + chiSquare(counts), 0);
  assert.ok(given < 40 * 23 + 3.1 * Math.sqrt(2 * 40 * 23), `values given first names: ${given}`);
  assert.equal(chanceWithoutDocuments({ comparison: 0 }), 1 / 24);

  const compared = generate('dev', 4000, { comparison: 1 });
  assertShare(compared.filter(({ answers }) => answers[0] === 'yes').length, 4000, 0.5, 'yes');
  assert.equal(chanceWithoutDocuments({ comparison: 1 }), 0.5);
});

test('distractors have the asked attribute and a word of the name as often as the dials say, never its value', () => {
  for (const dials of [{ shared: 0.3, names: 0.6 }, { shared: 0, names: 1 }, { shared: 1, names: 0 }, { facts: 6 }]) {
    const { shared, names, facts } = atlasDials.parse(dials);
    const counts = { distractors: 0, shared: 0, named: 0 };
    for (const example of generate('test', 600, dials)) {
      const { id, name } = asked(example.question);
      assert.equal(new Set(example.docs.map(({ title }) => title)).size, example.docs.length);
      for (const document of example.docs) {
        const stated = factsIn(document.text);
        assert.equal(stated.size, facts);
        if (document === gold(example)) continue;
        counts.distractors++;
        const value = stated.get(`${document.title}/${id}`);
        if (value !== undefined) counts.shared++;
        assert.notEqual(value, example.answers[0]);
        if (shareWord(named(document.title), named(name))) counts.named++;
      }
    }
    assertShare(counts.shared, counts.distractors, shared, 'shared');
    // With six facts, who does not share the attribute is of another kind.
    assertShare(counts.named, counts.distractors, facts === 6 ? names * shared : names, 'names');
  }
});

test('24 passages: all values of the asked attribute differ', () => {
  for (const { question, docs } of generate('test', 100, { documents: 24, shared: 1, names: 1 })) {
    const { id } = asked(question);
    const values = docs.map(({ title, text }) => factsIn(text).get(`${title}/${id}`));
    assert.equal(new Set(values).size, 24);
    assert.ok(!values.includes(undefined));
  }
});

test('a solver that reads finds every answer, in the gold passages alone', () => {
  for (const dials of [
    {},
    { hops: 2, documents: 6 },
    { hops: 2, documents: 2, facts: 1 },
    { hops: 2, documents: 24, facts: 6, shared: 1, names: 1 },
    { comparison: 1, documents: 8 },
    { comparison: 0.5, hops: 2, length: 120 },
    { ask: 'all', shared: 1 },
    { ask: 'all', facts: 6, documents: 3 },
    { documents: 1 },
  ] as Dials[]) {
    for (const example of generate('dev', 150, dials)) {
      const { answer, used } = solve(example.question, example.docs);
      assert.deepEqual([answer, used], [example.answers[0], example.pos_index], JSON.stringify(example));
      assert.equal(example.docs.length, dials.documents ?? 4);
      assert.ok(exampleSchema.safeParse(example).success);
    }
  }
});

test('ask all: each fact of the gold passage once, over the same passages', () => {
  const examples = generate('dev', 400, { ask: 'all', facts: 5 });
  for (let at = 0; at < examples.length; at += 5) {
    const list = examples.slice(at, at + 5);
    assert.equal(new Set(list.map(({ docs }) => JSON.stringify(docs))).size, 1);
    assert.deepEqual(
      list.map(({ question }) => `${gold(list[0]!).title}/${asked(question).id}`).sort(),
      [...factsIn(gold(list[0]!).text).keys()].sort(),
    );
  }
});

test('half of the distractors of a linked question state the link too', () => {
  let linked = 0;
  const examples = generate('dev', 250, { hops: 2, documents: 8, shared: 1 });
  for (const { docs } of examples)
    linked += docs.filter(({ text }) => [...factsIn(text).values()].some((v) => v.includes(' '))).length - 1;
  assertShare(linked, 250 * 6, 0.5, 'links among distractors');
});

test('a passage of four facts has at most 32 word tokens; padding brings others near the length', () => {
  const lengths = (dials: Dials): number[] =>
    generate('dev', 100, dials).flatMap(({ docs }) => docs.map((document) => words(documentText(document)).length));
  assert.ok(Math.max(...lengths({}), ...lengths({ hops: 2 })) <= 32);
  for (const length of [48, 111, 200]) {
    const found = lengths({ length, facts: 2 });
    assert.ok(Math.max(...found) <= length && Math.min(...found) > length - 7, `${length}: ${Math.min(...found)}`);
  }
});

test('passages of train carry their questions and their facts in other words; those of other splits nothing', () => {
  for (const { docs } of generate('train', 120, { hops: 2, length: 50 })) {
    for (const { title, text, pairs, paraphrase } of docs) {
      const facts = factsIn(text);
      assert.equal(pairs!.length, 4);
      for (const { question, answer } of pairs!) assert.equal(solve(question, [{ title, text }]).answer, answer);
      assert.equal(new Set(pairs!.map(({ question }) => asked(question).id)).size, 4);
      const rephrased = factsIn(paraphrase!);
      assert.deepEqual(new Map([...rephrased].sort()), new Map([...facts].sort()));
      assert.notDeepEqual([...rephrased.keys()], [...facts.keys()]);
      for (const sentence of paraphrase!.split(/(?<=\.) /)) assert.ok(!text.includes(sentence), sentence);
    }
  }
  for (const { docs } of generate('dev', 20)) {
    for (const document of docs) assert.deepEqual(Object.keys(document), ['title', 'text']);
  }
});

test('the vocabulary has every word that comes up', () => {
  const known = new Set(vocabulary);
  for (const dials of [{}, { hops: 2, length: 150 }, { comparison: 1 }] as Dials[]) {
    for (const { question, answers, docs } of generate('train', 250, dials)) {
      const texts = [question, ...answers, ...docs.flatMap((one) => [documentText(one), one.paraphrase!])];
      for (const word of texts.flatMap(words)) assert.ok(known.has(word), word);
    }
  }
});

test('wrong dials: all problems at once', () => {
  assert.throws(
    () => checkDials({ documents: 25, shared: 2, hops: 3, size: 1, length: 10 }, 'dials'),
    (error: InputError) => {
      assert.deepEqual(error.problems, [
        'dials: documents: expected a whole number from 1 to 24, got 25',
        'dials: shared: expected a number from 0 to 1, got 2',
        'dials: length: expected a whole number from 24 to 200, got 10',
        'dials: hops: expected 1 or 2, got 3',
        'dials: Unrecognized key: "size"',
      ]);
      return true;
    },
  );
  assert.throws(() => checkDials({ documents: 1, hops: 2, ask: 'all' }, 'dials'), {
    problems: [
      'dials: documents: expected at least 2 for questions with two gold passages, got 1',
      'dials: ask: expected one for questions with two gold passages, got all',
    ],
  });
});
