import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findPreset } from '../../harness/metrics/presets.ts';
import { jobSchema } from '../../harness/suite/job.ts';
import { findRuns } from '../../reports/find-runs.ts';
import { compressionSection } from '../../reports/sections/compression-section.ts';
import { endToEndSection } from '../../reports/sections/end-to-end-section.ts';
import { makeRun, plainExamples, type MadeRun } from './make-runs.ts';
import { markdownOf, reportRows } from './report-parts.ts';

const { metrics } = findPreset('clara-bench');
let runs: string;
before(async () => {
  runs = await mkdtemp(path.join(tmpdir(), 'clara-bench-tables-'));
  const run = (system: string, right: number, more: Partial<MadeRun> = {}): Promise<string> =>
    makeRun(runs, {
      system,
      settings: { docs: 'all' },
      answer: ({ answers }, at) => (at < right ? answers[0]! : 'nowhere'),
      tokens: { source: 64, vectors: 16 },
      ...more,
    });
  const towns = { benchmark: 'towns', examples: plainExamples('t') };
  await run('text', 12, { tokens: { source: 64, vectors: 64 } });
  await run('text', 11, { ...towns, tokens: { source: 64, vectors: 64 } });
  await run('pisco', 9, { ratio: 4 });
  await run('mean-pool', 1, { ratio: 4 });
  await run('clara', 6, { ratio: 4, ranking: [0], ...towns });
  await run('icae', 3, { ratio: 4, settings: { docs: 'gold' } });
  // Of mean-pool the run on the other benchmark has begun and is not finished.
  const begun = await run('mean-pool', 1, { ratio: 4, ...towns });
  const manifest = JSON.parse(await readFile(path.join(begun, 'manifest.json'), 'utf8')) as Record<string, unknown>;
  await rm(begun, { recursive: true });
  await mkdir(begun);
  const job = Object.fromEntries(Object.entries(manifest).filter(([key]) => key in jobSchema.shape));
  await writeFile(path.join(begun, 'job.json'), JSON.stringify(job));
});
after(() => rm(runs, { recursive: true, force: true }));

test('systems that are given their documents stand by benchmark, the best of a ratio marked, and a cell without a run says why', async () => {
  const { incomplete } = await findRuns([runs]);
  const { text, row } = markdownOf(compressionSection(await reportRows(runs), metrics, { incomplete, pictures: [] }));
  assert.match(row('pisco (all) 4×')['cities, n = 12']!, /^\*\*75\.0\*\* \[46\.8, 91\.1\]$/);
  assert.match(row('mean-pool (all) 4×')['cities, n = 12']!, /^8\.3 \[/);
  assert.equal(row('pisco (all) 4×')['towns, n = 12'], 'no run');
  assert.equal(row('mean-pool (all) 4×')['towns, n = 12'], 'not finished');
  assert.match(
    text,
    /no run: not among the runs of this report; not finished: the run has begun and has no manifest yet\./,
  );
  assert.deepEqual([row('pisco (all) 4×')['Nominal ratio'], row('pisco (all) 4×')['Measured ratio']], ['4×', '4.00×']);
  assert.doesNotMatch(text, /^\| clara/m);
});

test('systems that choose their documents stand beside those that read the same candidates', async () => {
  const { text, row } = markdownOf(endToEndSection(await reportRows(runs), metrics, []));
  assert.match(row('clara (all) 4×')['towns: Exact match, n = 12']!, /^50\.0 \[/);
  assert.match(row('text (all)')['towns: F1, n = 12']!, /^91\.7 \[|^9\d\.\d \[/);
  assert.doesNotMatch(text, /^\| icae/m);
});
