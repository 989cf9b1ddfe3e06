// Runs a suite undisturbed, and again with SIGKILL at random moments until it is done, and compares the predictions byte by byte.
//
//   node --import tsx tests/harness/suite/kill-many.ts SUITE [--kills 20] [--seed 1] [-- further options of `run`]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

const CLI = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');

interface KillReport {
  readonly kills: number;
  /** Kills after which a run had some of its predictions, but not all. */
  readonly midway: number;
  readonly undisturbedMs: number;
  /** Folders whose predictions, failures or questions differ from the undisturbed run's. */
  readonly different: readonly string[];
}

/** What of a run must be the same, however it came about: bytes, and of the times the ids in order. */
function contentOf(runs: string): Map<string, string> {
  const folders = readdirSync(runs).sort();
  return new Map(
    folders.map((folder) => {
      const read = (name: string): string => readFileSync(path.join(runs, folder, name), 'latin1');
      const timed = read('timings.jsonl').replace(/"ms":\{[^}]*\}/g, '');
      const names = ['predictions.jsonl', 'failures.jsonl', 'examples.jsonl.gz'];
      return [folder, JSON.stringify([...names.map(read), timed, read('manifest.json').length > 0])];
    }),
  );
}

/** Kills the run's whole process group at random moments, `kills` times, or only its first process, whose worker must then end by itself. */
export async function killMany(
  suite: string,
  kills: number,
  seed: number,
  options: readonly string[] = [],
): Promise<KillReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kills-'));
  const start = (runs: string): ReturnType<typeof spawn> =>
    spawn(process.execPath, [CLI, 'run', suite, '--runs', path.join(folder, runs), ...options], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const finish = async (runs: string): Promise<void> => {
    const child = start(runs);
    let errors = '';
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the run ended with exit code ${code}: ${errors}`);
  };
  try {
    const began = performance.now();
    await finish('undisturbed');
    const undisturbedMs = performance.now() - began;
    const random = xoroshiro128plus(seed);
    let midway = 0;
    let done = 0;
    for (let round = 0; done < kills; round++) {
      const runs = `killed-${round}`;
      // A run that gets to its end between kills is compared, and the next one begins anew.
      for (; done < kills; done++) {
        const child = start(runs);
        const exit = once(child, 'exit');
        child.stderr!.resume();
        const ended = await Promise.race([
          exit.then(() => true),
          sleep(uniformFloat64(random) * undisturbedMs).then(() => false),
        ]);
        if (ended) break;
        process.kill(uniformFloat64(random) < 0.7 ? -child.pid! : child.pid!, 'SIGKILL');
        await exit;
        if (isMidway(path.join(folder, runs))) midway++;
      }
      await finish(runs);
      const expected = contentOf(path.join(folder, 'undisturbed'));
      const got = contentOf(path.join(folder, runs));
      const names = new Set([...expected.keys(), ...got.keys()]);
      const different = [...names].filter((name) => expected.get(name) !== got.get(name));
      if (different.length > 0) return { kills: done, midway, undisturbedMs, different };
    }
    return { kills: done, midway, undisturbedMs, different: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isMidway(runs: string): boolean {
  return readNames(runs).some((folder) => {
    const names = readNames(path.join(runs, folder));
    if (!names.includes('predictions.jsonl') || names.includes('manifest.json')) return false;
    return readFileSync(path.join(runs, folder, 'predictions.jsonl')).length > 0;
  });
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
  });
  const [suite, ...options] = positionals;
  if (!suite) throw new Error('expected a suite file');
  const report = await killMany(suite, Number(values.kills), Number(values.seed), options);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.different.length === 0 ? 0 : 1;
}
