import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../harness/errors.ts';
import { readRunManifest } from '../harness/store/read-run-manifest.ts';
import { jobSchema, labelOf, type Job } from '../harness/suite/job.ts';
import type { RunManifest } from '../harness/store/run-manifest.ts';

/** A finished run: its folder and what its manifest says. */
export interface Run {
  readonly folder: string;
  readonly manifest: RunManifest;
}

/** What the given folders hold. */
export interface FoundRuns {
  /** In the order of their keys, each key once. */
  readonly runs: readonly Run[];
  /** Runs that have begun and have no manifest yet: the folder's name, and what it answers where that is known. */
  readonly incomplete: readonly { readonly folder: string; readonly label: string; readonly job?: Job }[];
}

const RUN_FOLDER = /^predict-[0-9a-f]{16}$/;
const TRAIN_FOLDER = /^train-[0-9a-f]{16}$/;

/**
 * The runs in the given paths: each is a run's folder or a folder of runs. With `suite`, only the runs that this suite ran last.
 *
 * @throws InputError where a path is no folder, a manifest is broken, or no run is finished.
 */
export async function findRuns(paths: readonly string[], suite?: string): Promise<FoundRuns> {
  const folders = (await Promise.all(paths.map(runFolders))).flat();
  const runs = new Map<string, Run>();
  const incomplete = new Map<string, Job | undefined>();
  const problems: string[] = [];
  for (const folder of folders) {
    try {
      const manifest = await readRunManifest(folder);
      if (!manifest) {
        const job = await readJob(folder);
        if (suite === undefined || job?.suite === suite) incomplete.set(path.basename(folder), job);
      } else if (suite === undefined || manifest.suite === suite) runs.set(manifest.key, { folder, manifest });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  if (runs.size === 0) {
    const others = incomplete.size > 0 ? `; ${incomplete.size} not finished (no manifest.json)` : '';
    const wanted =
      suite === undefined
        ? 'at least one finished run'
        : `at least one finished run of the suite ${JSON.stringify(suite)}`;
    throw new InputError(
      `${paths.join(', ')}: expected ${wanted} (a folder predict-<key> with a manifest.json, as clara-bench run writes it), got none${others}`,
    );
  }
  const inOrder = [...runs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, run]) => run);
  const unfinished = [...incomplete].map(([folder, job]) => ({
    folder,
    label: job ? labelOf(job, job.settings) : '',
    ...(job && { job }),
  }));
  return { runs: inOrder, incomplete: unfinished.sort((one, other) => (one.folder < other.folder ? -1 : 1)) };
}

/** What an unfinished run was to answer; undefined where it had not got as far as writing that down. */
async function readJob(folder: string): Promise<Job | undefined> {
  try {
    return jobSchema.safeParse(JSON.parse(await readFile(path.join(folder, 'job.json'), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

async function runFolders(given: string): Promise<string[]> {
  const found = await stat(given).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new InputError(
      `${given}: expected a folder of runs or a run's folder, got ${found ? 'a file' : 'nothing there'}`,
    );
  }
  // As `runs/*` gives them; the report reads trainings by the keys of the runs.
  if (TRAIN_FOLDER.test(path.basename(path.resolve(given)))) return [];
  const entries = await readdir(given, { withFileTypes: true });
  const isRun =
    RUN_FOLDER.test(path.basename(path.resolve(given))) || entries.some(({ name }) => name === 'manifest.json');
  if (isRun) return [given];
  return entries
    .filter((entry) => entry.isDirectory() && RUN_FOLDER.test(entry.name))
    .map(({ name }) => path.join(given, name));
}
