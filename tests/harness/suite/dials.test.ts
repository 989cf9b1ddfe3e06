import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { atlasDials } from '../../../datasets/atlas/dials.ts';
import { labelPattern } from '../../../harness/suite/label-pattern.ts';
import { loadSuite } from '../../../harness/suite/load-suite.ts';
import { planSuite } from '../../../harness/suite/plan-suite.ts';
import type { PlannedPrediction } from '../../../harness/suite/planned-job.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'dials-'));
process.env.CLARA_BENCH_HOME = folder;

test('jobs of one benchmark with other dials have other labels and keys, and their manifests say the dials', async () => {
  const file = path.join(folder, 'suite.yaml');
  await writeFile(
    file,
    `benchmarks:
  - { id: atlas, split: test, limit: 3 }
  - { id: atlas, split: test, limit: 3, dials: { documents: 2, shared: 1 } }
  - { id: sample, limit: 3 }
systems: [bm25]
`,
  );
  const planned = (await planSuite(await loadSuite(file))) as PlannedPrediction[];
  assert.deepEqual(
    planned.map(({ label }) => label),
    ['atlas/test bm25 seed=0', 'atlas (documents 2, shared 1)/test bm25 seed=0', 'sample/dev bm25 seed=0'],
  );
  assert.equal(new Set(planned.map(({ job }) => job.key)).size, 3);
  assert.deepEqual(
    planned.map(({ job }) => job.benchmark.dials),
    [atlasDials.parse({}), atlasDials.parse({ documents: 2, shared: 1 }), undefined],
  );
  const chosen = planned.filter(({ label }) => labelPattern('documents 2').test(label));
  assert.deepEqual(chosen, [planned[1]]);
});
