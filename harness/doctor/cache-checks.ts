import { existsSync } from 'node:fs';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { dataRoot, listBenchmarks } from '../../datasets/open-benchmark.ts';
import { cacheHome } from '../home.ts';
import { check, type Check } from './check.ts';

/** A set-up for the processor needs 1.1 GB at its height, a model and its runs some more. */
const LITTLE_DISK = 5e9;

/** The cache folder with its sizes and the disk's free space, the models and the data in it. */
export async function cacheChecks(): Promise<Check[]> {
  const home = cacheHome();
  const { bavail, bsize } = await statfs(nearestFolder(home));
  const free = bavail * bsize;
  const parts = await Promise.all(
    (await foldersOf(home)).map(async (name) => `${name} ${megabytes(await bytesUnder(path.join(home, name)))}`),
  );
  const models = await modelsUnder(path.join(home, 'models'));
  const data = (await listBenchmarks(dataRoot())).map(({ id, split }) => `${id} ${split}`);
  return [
    check(
      'cache',
      `${home}${parts.length > 0 ? ` (${parts.join(', ')})` : ' (empty)'}, ${megabytes(free)} free`,
      free < LITTLE_DISK ? 'free some disk, or set CLARA_BENCH_HOME to a folder on another disk' : undefined,
    ),
    check(
      'models',
      models.join(', ') || 'none',
      models.length > 0 ? undefined : 'fetch one with: npx clara-bench models pull smollm2-135m-instruct-q4_1',
    ),
    check('data', data.join(', ') || 'the sample that ships with the program (others: npx clara-bench data import)'),
  ];
}

/** The ids of the models fetched whole: their manifest is written last. */
async function modelsUnder(folder: string): Promise<string[]> {
  const ids = (await foldersOf(folder)).map(async (name) => {
    const text = await readFile(path.join(folder, name, 'manifest.json'), 'utf8').catch(() => '{}');
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  });
  return (await Promise.all(ids)).filter((id) => id !== undefined).sort();
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** A folder that is not made yet will lie on the disk of the nearest one that is. */
function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
}

async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // Another process may be at work in the cache.
    if (entry.isFile())
      bytes += await stat(path.join(entry.parentPath, entry.name)).then(
        (file) => file.size,
        () => 0,
      );
  }
  return bytes;
}

function megabytes(bytes: number): string {
  return bytes < 1e10 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e9)} GB`;
}
