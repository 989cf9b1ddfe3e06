import { programCommit } from '../harness/program-commit.ts';
import type { ScoredRun } from './report-row.ts';
import { scorerHash } from './scorer-hash.ts';
import type { FoundTrainings } from './training/find-trainings.ts';
import { withoutPlaces } from './without-places.ts';

/**
 * `manifest.json` of a report: what it was made from and with, so that it can be made again and told from others. Of each run and training its own manifest (suite, data, weights,
 * settings, seed, versions, device, times), without paths and the machine's name.
 */
export async function reportManifest(
  preset: string,
  runs: readonly ScoredRun[],
  trained: FoundTrainings,
  against?: object,
): Promise<string> {
  const manifest = {
    format: 1,
    suites: [...new Set(runs.map(({ manifest }) => manifest.suite))].sort(),
    scorer: { preset, sha256: await scorerHash() },
    /** Of the program that wrote the report; those that answered stand with their runs. */
    program: await programCommit(),
    runs: runs.map(({ manifest }) => withoutPlaces(manifest)),
    trainings: trained.trainings.map(({ manifest }) => withoutPlaces(manifest)),
    ...(against && { against }),
  };
  return `${JSON.stringify(manifest, null, 1)}\n`;
}
