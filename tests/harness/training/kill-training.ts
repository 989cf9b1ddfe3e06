// Trains the tiny model undisturbed, and again with SIGKILL at random moments until it is done, and compares weights and curve.
//
//   node --import tsx tests/harness/training/kill-training.ts [--kills 20] [--seed 1] [--recorded]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const PROGRAM = path.join(import.meta.dirname, 'train-tiny.ts');

interface KillReport {
  readonly kills: number;
  /** Kills after which a checkpoint was there, but no weights yet. */
  readonly midway: number;
  /** Files that differ from the undisturbed training's. */
  readonly different: readonly string[];
}

/** The files that a training leaves; of its curve all but the times. */
function contentOf(folder: string): Map<string, string> {
  const training = path.join(folder, 'training');
  return new Map(
    readdirSync(training).map((name) => [name, readFileSync(path.join(training, name), 'latin1').replace(/"ms":[\d.]+/g, '')]), // prettier-ignore
  );
}

/** Kills a training `kills` times; one that gets to its end between kills is compared, and the next one begins anew. */
export async function killTraining(kills: number, seed: number, recorded = false): Promise<KillReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kill-training-'));
  const start = (name: string) =>
    spawn(process.execPath, ['--import', 'tsx', PROGRAM, path.join(folder, name), ...(recorded ? ['recorded'] : [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const finish = async (name: string): Promise<number> => {
    const child = start(name);
    let errors = '';
    let first = 0;
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', () => (first ||= Date.now()));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the training ended with exit code ${code}: ${errors}`);
    return Date.now() - first;
  };
  try {
    const trainingMs = await finish('undisturbed');
    const expected = contentOf(path.join(folder, 'undisturbed'));
    const random = xoroshiro128plus(seed);
    let midway = 0;
    let done = 0;
    for (let round = 0; done < kills; round++) {
      const name = `killed-${round}`;
      for (; done < kills; done++) {
        const child = start(name);
        child.stderr.resume();
        const exit = once(child, 'exit').then(() => true);
        // From the first step on, as far as the training would go.
        const begun = once(child.stdout, 'data').then(() => sleep(uniformFloat64(random) * trainingMs)).then(() => false); // prettier-ignore
        if (await Promise.race([exit, begun])) break;
        child.kill('SIGKILL');
        await exit;
        const left = readdirSync(path.join(folder, name, 'training'));
        if (left.includes('checkpoint.json') && !left.includes('weights.safetensors')) midway++;
      }
      await finish(name);
      const got = contentOf(path.join(folder, name));
      const names = new Set([...expected.keys(), ...got.keys()]);
      const different = [...names].filter((each) => expected.get(each) !== got.get(each));
      if (different.length > 0) return { kills: done, midway, different };
    }
    return { kills: done, midway, different: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      recorded: { type: 'boolean', default: false },
    },
  });
  const report = await killTraining(Number(values.kills), Number(values.seed), values.recorded);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.different.length === 0 ? 0 : 1;
}
