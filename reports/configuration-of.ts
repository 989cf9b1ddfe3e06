import { benchmarkName } from '../datasets/benchmark-name.ts';
import type { RunManifest } from '../harness/store/run-manifest.ts';
import { canonicalJson } from '../harness/suite/canonical-json.ts';

/** What a run answers and how, by the names that its user knows it by: benchmark, split, system, settings and model. Everything but the training seed and the hashes of what is named. */
export function configurationOf({
  benchmark,
  system,
  settings,
  maxNewTokens,
  model,
}: Pick<RunManifest, 'benchmark' | 'system' | 'settings' | 'maxNewTokens' | 'model'>): string {
  return canonicalJson([
    benchmarkName(benchmark),
    benchmark.split,
    system.id,
    settings,
    maxNewTokens,
    model?.id ?? null,
  ]);
}
