import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder outside any clone where downloads are kept: `CLARA_BENCH_HOME`, else `clara-bench` in the user's cache folder. */
export function cacheHome(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.CLARA_BENCH_HOME) return path.resolve(environment.CLARA_BENCH_HOME);
  return path.join(environment.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'clara-bench');
}

/** The root of this package: files that ship with it (suites, the sample benchmark) are found from here. */
export const packageRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
