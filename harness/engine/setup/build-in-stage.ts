import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** No set-up takes this long: what is older was left behind by a process that was killed, here or on another machine that shares the cache. */
const STALE_MS = 24 * 3600 * 1000;

/**
 * Fills `folder` by `build`, which is given a new folder beside it; only when that is whole does it take the name. A process that is killed leaves no half-filled `folder`,
 * and two processes that build the same folder do not see each other: the first to finish wins, the other's work is dropped.
 *
 * @param isWhole whether a folder that stands under the name already is finished; one that is not is replaced.
 */
export async function buildInStage(
  folder: string,
  isWhole: (folder: string) => boolean,
  build: (stage: string) => Promise<void>,
): Promise<void> {
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  const stage = `${folder}.${stageOwner()}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  try {
    await mkdir(stage);
    await build(stage);
    await takeName(stage, folder, isWhole);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function takeName(stage: string, folder: string, isWhole: (folder: string) => boolean): Promise<void> {
  try {
    await rename(stage, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if (isWhole(folder)) return;
    const aside = `${stage.replace(/\.part$/, '')}-old.part`;
    await rename(folder, aside);
    await rm(aside, { recursive: true, force: true });
    await rename(stage, folder);
  }
}

/** Takes away what killed processes left: up to some gigabytes each. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [owner, pid] = name.split('.').slice(-4);
    if (!name.endsWith('.part')) continue;
    const left = path.join(parent, name);
    const age =
      Date.now() -
      (await stat(left).then(
        (found) => found.mtimeMs,
        () => Date.now(),
      ));
    if ((owner === stageOwner() && !isAlive(Number(pid))) || age > STALE_MS)
      await rm(left, { recursive: true, force: true });
  }
}

function stageOwner(): string {
  return hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
