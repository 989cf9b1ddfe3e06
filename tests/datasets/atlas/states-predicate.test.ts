import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedPredicates } from '../../../datasets/atlas/asked-predicates.ts';
import { fill } from '../../../datasets/atlas/entity.ts';
import { fillers } from '../../../datasets/atlas/fillers.ts';
import { attributes, links } from '../../../datasets/atlas/grammar.ts';
import { pools } from '../../../datasets/atlas/pools.ts';
import { statesPredicate } from '../../../datasets/atlas/states-predicate.ts';

const predicates = [...attributes, ...links];
const name = 'Mira Tolm';

test('every statement states its own predicate and no other, and padding none', () => {
  for (const predicate of predicates) {
    const value = 'pool' in predicate ? pools[predicate.pool][5]! : 'Lena Galt';
    for (const statement of predicate.statements) {
      const text = fill(statement, { name, value });
      const stated = predicates.filter((one) => statesPredicate({ text: `So it is. ${text}` }, one));
      assert.deepEqual(stated, [predicate], text);
    }
  }
  const text = fillers.map((filler) => fill(filler, { name })).join(' ');
  assert.deepEqual(
    predicates.filter((one) => statesPredicate({ text }, one)),
    [],
  );
});

test('every question asks its own predicate, and through a link both', () => {
  for (const predicate of predicates) {
    for (const question of predicate.questions) {
      assert.deepEqual(askedPredicates(fill(question, { name })), [predicate], question);
      for (const link of links) {
        const asked = askedPredicates(fill(question, { name: fill(link.phrase, { name }) }));
        assert.deepEqual(asked, [predicate, link], question);
      }
    }
  }
  for (const attribute of attributes) {
    assert.deepEqual(askedPredicates(fill(attribute.same, { name, other: 'Lena Galt' })), [attribute]);
  }
});
