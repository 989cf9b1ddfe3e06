import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sha256 } from '../../harness/files/sha256.ts';
import { ablationsSection } from '../../reports/sections/ablations-section.ts';
import { matchedBudgetSection } from '../../reports/sections/matched-budget-section.ts';
import { findTrainings } from '../../reports/training/find-trainings.ts';
import { makeRun, type MadeRun } from './make-runs.ts';
import { makeTraining } from './make-trainings.ts';
import { markdownOf, reportRows } from './report-parts.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-ablations-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** So many of the twelve questions right. */
const right =
  (count: number): MadeRun['answer'] =>
  ({ answers }, at) =>
    at < count ? answers[0]! : 'nowhere';

describe('ablations', () => {
  let text: string;
  before(async () => {
    const runs = path.join(folder, 'runs');
    const made = (settings: Record<string, unknown>, count: number, trained: string | null = null): Promise<string> =>
      makeRun(runs, { system: 'clara', ratio: 4, settings, answer: right(count), manifest: { trained } });
    const base = {
      docs: 'all',
      newTokens: 'mean',
      instruction: { steps: 5, alignment: { weight: 0.1 } },
      endToEnd: { train: 'both', steps: 3 },
      k: 5,
    };
    const first = await makeTraining(runs, { trainer: 'clara/instruction' });
    const second = await makeTraining(runs, { trainer: 'clara/instruction', manifest: { selection: { limit: 100, rule: 'first', seed: null }, examples: { count: 100, sha256: sha256('other questions') } } }); // prettier-ignore
    await made(base, 9, first.key);
    await made({ ...base, instruction: { steps: 5, alignment: { weight: 0 } } }, 6, first.key);
    await made({ ...base, endToEnd: null, k: 3 }, 3, first.key);
    await made({ ...base, newTokens: 'scattered' }, 10, first.key);
    await made(base, 8, second.key);
    // Two settings: no ablation.
    await made({ ...base, newTokens: 'scattered', endToEnd: { train: 'generator', steps: 3 } }, 1, first.key);
    // Other documents, another ratio, another system: no ablation either.
    await made({ ...base, docs: 'gold', newTokens: 'scattered' }, 2, first.key);
    await makeRun(runs, { system: 'clara', ratio: 8, settings: { ...base, k: 7 }, answer: right(2) });
    await makeRun(runs, { system: 'pisco', ratio: 4, settings: { ...base, k: 7 }, answer: right(2) });
    const rows = await reportRows(runs);
    text = markdownOf(ablationsSection(rows, (await findTrainings(rows)).trainings)).text;
  });

  test('are the rows that differ from one base in one setting, and no others', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| clara'));
    assert.deepEqual(rows.map((line) => line.split(' | ')[1]).sort(), [
      'endToEnd',
      'instruction.alignment.weight',
      'newTokens',
      'training questions',
    ]);
    assert.match(text, / \| instruction\.alignment\.weight \| 0\.1 \| 0 \| 4× \| /);
    assert.match(text, / \| endToEnd \| as set \| none \| /);
    assert.match(text, / \| newTokens \| mean \| scattered \| /);
  });

  test('have the paired difference to the base with interval and corrected test', () => {
    const weight = text.split('\n').find((line) => line.includes('alignment.weight'))!;
    // 6 of 12 and 9 of 12 right, the six among the nine: McNemar's exact test of 0 and 3 is 2 / 2 ** 3; Holm's of the four ablations p = 0.0313, 0.25, 1, 1.
    assert.match(
      weight,
      /\| 12 \| 75\.0 \[.*\] \| 50\.0 \[.*\] \| −25\.0 \[−[\d.]+, [^\]]*\] \| .* \| 0\.2500 \| 0\.7500 \|/,
    );
    const stage = text.split('\n').find((line) => line.includes('| endToEnd |'))!;
    assert.match(stage, /\| −50\.0 \[.* \| 0\.0313 \| 0\.1250 \|/);
  });
});

test('systems at equal vectors a document stand in one budget, the best and what is not told apart from it marked', async () => {
  const runs = path.join(folder, 'budgets');
  const run = (system: string, count: number, vectors: number, more: Partial<MadeRun> = {}): Promise<string> =>
    makeRun(runs, {
      system,
      settings: { docs: 'all' },
      tokens: { source: 64, vectors },
      answer: right(count),
      selected: [0],
      ...more,
    });
  await run('text', 12, 64);
  await run('clara', 11, 8, { ratio: 8 });
  await run('mean-pool', 10, 9, { ratio: 4 });
  await run('text-budget', 1, 7, { ratio: 8 });
  await run('broken', 0, 8, { ratio: 8, answer: (example, at) => (at === 0 ? new Error('no') : example.answers[0]!) });
  await run('pisco', 4, 8, { ratio: 8, settings: { docs: 'gold' } });
  const { text } = markdownOf(matchedBudgetSection(await reportRows(runs)));
  const rows = text.split('\n').filter((line) => /^\| .*×|^\| text/.test(line));
  const told = rows.map((line) => line.split('|').map((cell) => cell.trim())).map((cells) => [cells[1], cells[3], cells.at(-2)]); // prettier-ignore
  assert.deepEqual(told, [
    ['broken (all) 8× †', '8', ''],
    ['clara (all) 8×', '8', 'best'],
    ['mean-pool (all) 4×', '8', 'tied'],
    ['text-budget (all) 8×', '8', ''],
  ]);
});
