import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runManifestSchema, type RunManifest } from '../../../harness/store/run-manifest.ts';

const hash = (digit: string): string => digit.repeat(64);

/** A whole example. */
const manifest: RunManifest = {
  format: 1,
  kind: 'predict',
  key: hash('a'),
  suite: 'small-text',
  system: { id: 'text-budget', description: 'documents cut to a budget', module: null },
  settings: { docs: 'all', ratio: 4 },
  ratio: 4,
  benchmark: { id: 'hotpotqa', split: 'dev', file: '/data/hotpotqa.dev.jsonl.gz', sha256: hash('b'), module: null },
  selection: { limit: 100, rule: 'first', seed: null },
  examples: { count: 100, sha256: hash('c') },
  model: { id: 'smollm2-135m-instruct-q4_1', hash: hash('d') },
  seed: 0,
  trained: null,
  maxNewTokens: 32,
  batch: 8,
  preset: 'clara',
  metrics: [],
  counts: { questions: 100, predictions: 99, failures: 1 },
  files: { predictions: hash('1'), timings: hash('2'), failures: hash('3') },
  wallMs: 61_234.5,
  sessions: 1,
  peakMemoryBytes: 1_500_000_000,
  startedAt: '2026-11-24T07:00:00.000Z',
  finishedAt: '2026-11-24T07:01:01.234Z',
  versions: { program: '0.1.0', node: '20.20.2', tensorflow: '2.21.0' },
  machine: { host: 'box', platform: 'linux-x64', cpu: 'A CPU', cores: 2, threads: 2, memoryBytes: 16_000_000_000 },
};

test('a whole manifest is accepted as it is', () => {
  assert.deepEqual(runManifestSchema.parse(JSON.parse(JSON.stringify(manifest))), manifest);
});

test('a manifest with a field missing, mistyped or unknown is refused with the field', () => {
  for (const [bad, field] of [
    [{ ...manifest, key: undefined }, 'key'],
    [{ ...manifest, counts: { ...manifest.counts, failures: -1 } }, 'counts.failures'],
    [{ ...manifest, format: 2 }, 'format'],
    [{ ...manifest, startedAt: 'yesterday' }, 'startedAt'],
  ] as const) {
    const result = runManifestSchema.safeParse(bad);
    assert.equal(result.success, false);
    assert.deepEqual(
      result.error.issues.map(({ path }) => path.join('.')),
      [field],
    );
  }
  assert.equal(runManifestSchema.safeParse({ ...manifest, extra: 1 }).success, false);
});
