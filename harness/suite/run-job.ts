import path from 'node:path';
import type { Example } from '../../datasets/example.ts';
import { MachineError } from '../errors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { JobLock } from '../store/job-lock.ts';
import { promptHash } from '../prompt-hash.ts';
import { MANIFEST } from '../store/read-manifest.ts';
import type { RunManifest } from '../store/run-manifest.ts';
import type { Prediction } from '../prediction.ts';
import type { Failure, System } from '../system.ts';
import { answerBlock } from './answer-block.ts';
import { cutBlocks, lengthOf } from './cut-blocks.ts';
import { jobSchema, type Job } from './job.ts';
import { keptJob } from './kept-job.ts';
import { machine } from './machine.ts';
import { ownExamples } from './own-examples.ts';
import { RunFiles } from './run-files.ts';
import { SessionClock } from './session-clock.ts';

/** How far a job is. */
export interface JobProgress {
  readonly settled: number;
  readonly failures: number;
  /** Characters of the questions that are settled, as systems count them. */
  readonly read: number;
}

/** A block in which the process of an earlier try was killed from outside, and how often. */
export interface Crash {
  readonly key: string;
  readonly block: number;
  readonly times: number;
  readonly reason: string;
}

/** What running a job needs beside the job. */
export interface RunJobOptions {
  /** The job's folder; the lock of it is held. */
  readonly folder: string;
  readonly lock: JobLock;
  readonly system: System;
  readonly model: () => Promise<LanguageModel>;
  /** As PredictContext has them. */
  readonly trained: string | null;
  readonly cache: string;
  readonly versions: () => Promise<RunManifest['versions']>;
  readonly crash?: Crash;
  readonly onProgress: (progress: JobProgress) => void;
  readonly onBlock: (block: number) => void;
}

/**
 * Answers what is not answered yet of a job, and writes its manifest. Ended at any moment and run again, the job ends with the same predictions, byte for byte:
 * the blocks are those of the whole job, a block that is not whole is computed again, and only the lines that are missing are appended.
 */
export async function runJob(given: Job, options: RunJobOptions): Promise<RunManifest> {
  const { folder, lock, system, versions } = options;
  const clock = new SessionClock(folder);
  const job = await pinned(given, folder);
  const examples = await ownExamples(job, folder);
  const length = (example: Example): number => lengthOf(system, example, job.settings);
  const blocks = cutBlocks(examples, length, job.batch);
  const files = RunFiles.open(
    folder,
    blocks.flat().map(({ id }) => id),
  );
  let unloadable: unknown;
  const context = {
    // A model that cannot be had is no question's failure.
    model: () =>
      options.model().catch((error: unknown) => {
        unloadable = error;
        throw error;
      }),
    maxNewTokens: job.maxNewTokens,
    batch: job.batch,
    seed: job.seed,
    settings: job.settings,
    trained: options.trained,
    cache: options.cache,
  };
  const progress = { settled: 0, failures: 0, read: 0 };
  const settle = (news: readonly Example[]): void => {
    progress.settled += news.length;
    progress.failures = files.failures;
    progress.read += news.reduce((sum, example) => sum + length(example), 0);
    options.onProgress({ ...progress });
  };
  settle(examples.filter(({ id }) => files.settled(id)));
  if (blocks.some((block) => !whole(block, files))) {
    if (job.model) await options.model();
    await system.prepare?.(examples, context);
  }
  for (const [at, block] of blocks.entries()) {
    if (whole(block, files)) continue;
    options.onBlock(at);
    const waiting = new Map(block.filter(({ id }) => !files.settled(id)).map((example) => [example.id, example]));
    const keep = (result: Prediction | Failure): void => {
      files.record(result);
      const example = waiting.get(result.id);
      waiting.delete(result.id);
      if (example) settle([example]);
    };
    const crash = options.crash?.key === job.key && options.crash.block === at ? options.crash : undefined;
    for (const piece of piecesOf(block, [...waiting.values()], keep, crash)) {
      for await (const result of answerBlock(system, piece, context)) {
        if (unloadable) throw unloadable;
        if (!lock.held()) throw new MachineError(`${folder}: another process has taken this run over`);
        keep(result);
        lock.beat();
      }
    }
    files.sync();
    clock.note();
  }
  const manifest: RunManifest = {
    ...job,
    prompt: promptHash(),
    ...(await files.close()),
    ...clock.close(),
    finishedAt: new Date().toISOString(),
    versions: await versions(),
    machine: machine(),
  };
  await writeAtomically(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

function whole(block: readonly Example[], files: RunFiles): boolean {
  return block.every(({ id }) => files.settled(id));
}

/** A block at once, or after crashes in it in ever smaller pieces; where even one question alone takes the process down, it is a failure. */
function piecesOf(
  block: readonly Example[],
  unanswered: Example[],
  keep: (failure: Failure) => void,
  crash: Crash | undefined,
): (readonly Example[])[] {
  if (!crash) return [block];
  // One more try alone before a question is given up: a process can be killed for other reasons.
  if (2 ** (crash.times - 2) >= block.length) keep({ id: unanswered.shift()!.id, error: crash.reason });
  const size = Math.max(1, Math.floor(block.length / 2 ** crash.times));
  return Array.from({ length: Math.ceil(unanswered.length / size) }, (_, piece) =>
    unanswered.slice(piece * size, (piece + 1) * size),
  );
}

/** The job as its folder has it: the batch that a run was begun with stays, so that its blocks do. */
async function pinned(job: Job, folder: string): Promise<Job> {
  const { batch } = await keptJob(job, jobSchema, folder);
  return { ...job, batch };
}
