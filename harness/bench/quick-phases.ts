import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { findRuns } from '../../reports/find-runs.ts';
import { writeReport } from '../../reports/write-report.ts';
import { packageRoot } from '../home.ts';
import { readTrainManifest } from '../store/read-train-manifest.ts';
import { output } from './output.ts';

const PROGRAM = path.join(packageRoot, 'harness', 'clara-bench.js');
const SUITE = path.join(packageRoot, 'harness', 'suites', 'quick.yaml');
/** As quickstart. */
const PROCESSES = 2;

/** A part of a suite's work. */
export interface Phase {
  /** `set-up`, `training clara/instruction`, `questions clara`, `report`; `run` is all trainings and questions of a suite that was run for this, by the clock. */
  readonly phase: string;
  readonly jobs: number;
  /** Of trainings and questions, all jobs one after the other: with several processes a suite takes less. */
  readonly seconds: number;
}

/**
 * Where the time of the suite quick goes, by phase: from the manifests of its finished runs, or by running it where there are none. Set-up (where all is there already) and the report are timed anew.
 *
 * @param runs folder of finished runs
 * @throws InputError where there are no finished runs
 */
export async function quickPhases(runs?: string): Promise<Phase[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-quick-'));
  try {
    const setUp = await timed('set-up', () => output(process.execPath, [PROGRAM, 'setup']));
    const own = path.join(folder, 'runs');
    const run = runs === undefined ? [await timed('run', () => output(process.execPath, [PROGRAM, 'run', SUITE, '--runs', own, '--jobs', String(PROCESSES)]))] : []; // prettier-ignore
    const finished = runs ?? own;
    const jobs = await jobPhases(finished);
    const report = await timed('report', () => writeReport({ runs: finished, out: path.join(folder, 'report') }));
    return [setUp, ...run, ...jobs, report];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Trainings by stage and questions by system, from the times in their manifests. */
async function jobPhases(folder: string): Promise<Phase[]> {
  const { runs } = await findRuns([folder]);
  const phases = new Map<string, Phase>();
  const add = (phase: string, ms: number): void => {
    const { jobs, seconds } = phases.get(phase) ?? { jobs: 0, seconds: 0 };
    phases.set(phase, { phase, jobs: jobs + 1, seconds: seconds + ms / 1000 });
  };
  for (const name of (await readdir(folder)).filter((name) => name.startsWith('train-')).sort()) {
    const manifest = await readTrainManifest(path.join(folder, name));
    if (manifest) add(`training ${manifest.trainer.id}`, manifest.wallMs);
  }
  for (const { manifest } of runs) add(`questions ${manifest.system.id}`, manifest.wallMs);
  return [...phases.values()];
}

async function timed(phase: string, work: () => Promise<unknown>): Promise<Phase> {
  const started = performance.now();
  await work();
  return { phase, jobs: 1, seconds: (performance.now() - started) / 1000 };
}
