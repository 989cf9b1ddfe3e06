import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { efficiencySection } from '../../reports/sections/efficiency-section.ts';
import { makeRun } from './make-runs.ts';
import { markdownOf, reportRows } from './report-parts.ts';

let folder: string;
let text: string;
let row: ReturnType<typeof markdownOf>['row'];
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-efficiency-'));
  const runs = path.join(folder, 'runs');
  const answer = (): string => 'City 1';
  const all = { docs: 'all' };
  // Batches of four questions, each with times of its own: 50, 60 and 70 ms.
  await makeRun(runs, {
    system: 'text',
    settings: all,
    answer,
    tokens: { source: 120, vectors: 120 },
    ms: (at) => batch(at, 30, 20),
  });
  const tokens = { source: 120, vectors: 30 };
  const clara = { system: 'clara', answer, tokens, ratio: 4 };
  const timed = (at: number) => ({ compress: 40 + (at % 4), ...batch(at, 5, 0) });
  await makeRun(runs, { ...clara, settings: all, ms: timed });
  await makeRun(runs, { ...clara, settings: { docs: 'gold' }, ms: timed });
  await makeRun(runs, { ...clara, settings: all, ms: timed, ratio: 8, manifest: { batch: 16 } });
  ({ text, row } = markdownOf(efficiencySection(await reportRows(runs), [])));
});
after(() => rm(folder, { recursive: true, force: true }));

function batch(at: number, prefill: number, decode: number): { prefill: number; decode: number } {
  return { prefill: prefill + 10 * Math.floor(at / 4), decode };
}

describe('the table of times', () => {
  test('has online and offline totals side by side, with intervals over batches', () => {
    const clara = row('clara (all) 4×');
    assert.equal(clara['Batches'], '3');
    // Of the batches' means 41.5, 41.5, 41.5; 5, 15, 25: Student's t of three values, 15 -+ 4.3027 * 10 / sqrt(3).
    assert.equal(clara['compress, ms'], '41.5 [41.5, 41.5]');
    assert.equal(clara['prefill, ms'], '15.0 [0.0, 39.8]');
    assert.equal(clara['Online total, ms'], '56.5 [31.7, 81.3]');
    assert.equal(clara['Offline total, ms'], '15.0 [0.0, 39.8]');
    assert.equal(row('text').n, '12');
  });

  test('has the speed-up over the text system with the same documents', () => {
    const clara = row('clara (all) 4×');
    assert.match(clara['Speed-up online']!, /^1\.06× \[0\.\d+, 1\.\d+\]$/);
    assert.match(clara['Speed-up offline']!, /^4\.00× \[/);
    assert.equal(row('text')['Speed-up online'], 'reference');
  });

  test('says why a row has none', () => {
    assert.equal(row('clara (gold) 4×')['Speed-up online'], 'no run');
    assert.equal(row('clara (all) 8×')['Speed-up offline'], 'not comparable');
    assert.match(
      text,
      /no run: these runs have no text system with the same candidate documents \(clara \(gold\) 4×\)/,
    );
    assert.match(text, /not comparable: .* on another machine or in other batches \(clara \(all\) 8×\)/);
  });
});
