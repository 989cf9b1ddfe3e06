import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atlasAttribute } from '../../../baselines/rankers/atlas-attribute.ts';
import { atlasDials } from '../../../datasets/atlas/dials.ts';
import { generateAtlas } from '../../../datasets/atlas/generate.ts';
import { recallByAttribute } from '../../../datasets/atlas/recall-by-attribute.ts';
import { rankings } from './rankings.ts';

const QUESTIONS = 400;

async function recalls(given: object, ks: readonly number[]): Promise<{ found: number; expected: number | null }[]> {
  const dials = atlasDials.parse(given);
  const examples = [...generateAtlas('dev', QUESTIONS, dials)];
  const ranked = await rankings(atlasAttribute, {}, examples);
  return ks.map((k) => {
    const shares = examples.map(
      ({ pos_index }, at) =>
        pos_index.filter((gold) => ranked[at]!.slice(0, k).includes(gold)).length / pos_index.length,
    );
    return { found: shares.reduce((sum, share) => sum + share, 0) / QUESTIONS, expected: recallByAttribute(dials, k) };
  });
}

test('recall is what the formula expects, over dials', async () => {
  const settings = [
    { documents: 4 },
    { documents: 8, shared: 1, names: 1 },
    { documents: 12, shared: 0.25, facts: 6, length: 80 },
    { documents: 6, comparison: 1 },
    { documents: 4, comparison: 0.5, shared: 1 },
  ];
  for (const dials of settings) {
    for (const { found, expected } of await recalls(dials, [1, 2, 3])) {
      // Four standard errors of a share.
      assert.ok(
        Math.abs(found - expected!) < 4 * Math.sqrt(0.25 / QUESTIONS),
        JSON.stringify({ dials, found, expected }),
      );
    }
  }
});

test('the formula gives what is known without it', () => {
  const dials = { documents: 4, shared: 0.5, hops: 1, comparison: 0 } as const;
  assert.equal(recallByAttribute({ ...dials, shared: 1 }, 1), 1 / 4);
  assert.equal(recallByAttribute({ ...dials, shared: 0 }, 1), 1);
  // (1 - 2^-4) / (4 x 1/2): the mean of 1 / (1 + M) of a binomial M.
  assert.ok(Math.abs(recallByAttribute(dials, 1)! - 15 / 32) < 1e-12);
  assert.equal(recallByAttribute({ ...dials, documents: 2, comparison: 1 }, 1), 1 / 2);
  assert.equal(recallByAttribute({ ...dials, hops: 2 }, 1), null);
});

test('in questions of two hops passages with the link or with the attribute come first', async () => {
  const examples = [...generateAtlas('dev', 300, atlasDials.parse({ hops: 2, documents: 6, shared: 0 }))];
  const ranked = await rankings(atlasAttribute, {}, examples);
  const both = examples.filter(({ pos_index }, at) =>
    pos_index.every((gold) => ranked[at]!.slice(0, 3).includes(gold)),
  );
  // By chance 2 of 6 passages are both among the first 3 in 20 % of the questions.
  assert.ok(both.length > 250, `${both.length}`);
});

test('other questions than those of atlas are refused', async () => {
  const [example] = generateAtlas('dev', 1, atlasDials.parse({}));
  await assert.rejects(
    rankings(atlasAttribute, {}, [{ ...example!, question: 'Who was first?' }]),
    /expected questions of atlas, got "Who was first\?" \(atlas-dev-0000001\)/,
  );
});
