import os from 'node:os';
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { InputError } from '../errors.ts';
import { packageRoot } from '../home.ts';

interface BenchCommandOptions {
  peer?: string;
  peers: string;
  model: string;
  rounds: number;
  repetitions: number;
  only?: string;
  runs?: string;
  json?: string;
}

/** `clara-bench bench` */
export const benchCommand: CommandModule<object, BenchCommandOptions> = {
  command: 'bench',
  describe: 'measure speed and memory, side by side with transformers where a Python with it is given',
  builder: (yargs) =>
    yargs
      .option('peer', {
        type: 'string',
        describe: 'a Python that can import torch, transformers, safetensors (for the rows of nano), peft and gguf',
      })
      .option('peers', {
        type: 'string',
        default: path.join('..', 'shared', 'peers'),
        describe:
          "folder of the peers' scripts of the rows that are not nano's (peer_smollm2.py, peer_clara.py), seen from the project's folder",
      })
      .option('model', {
        type: 'string',
        default: 'smollm2-135m-instruct-q4_1',
        describe: 'GGUF model: id, file or folder',
      })
      .option('rounds', { type: 'number', default: 2, describe: 'runs of each side, in turn' })
      .option('repetitions', { type: 'number', default: 3, describe: 'repetitions in one run' })
      .option('only', {
        type: 'string',
        describe: 'rows whose name matches this regular expression; quick: the suite quick by phase, in minutes',
      })
      .option('runs', { type: 'string', describe: 'with --only quick: its finished runs, instead of running it' })
      .option('json', { type: 'string', describe: 'write the rows and the machine to this file as well' })
      .example('$0 bench', "this machine's speed")
      .example(
        '$0 bench --only nano --peer ~/peer/bin/python',
        'nano beside PyTorch: same weights, same tokens, same losses and answers',
      )
      .example(
        '$0 bench --only quick --runs runs',
        'where the time of quick went: set-up, trainings, questions, report',
      )
      .example('$0 bench --peer ~/peer/bin/python --json bench.json', 'side by side with transformers'),
  handler: async (options) => {
    if (options.only === 'quick') return printPhases(options.runs);
    if (options.runs !== undefined) throw new InputError('--runs: expected with --only quick, got other rows');
    const { runBench } = await import('../bench/run-bench.ts');
    const { modelGguf } = await import('../language-model/models/model-gguf.ts');
    const scripts = path.resolve(packageRoot, options.peers);
    process.stdout.write(
      `${['row', 'unit', 'ours', 'peer', 'ratio', 'by cpu time', 'peak memory', "peer's", 'cpu'].map(cell).join('')}\n`,
    );
    const rows = await runBench({
      model: options.model,
      gguf: await modelGguf(options.model),
      ...(options.peer && { peer: { python: options.peer, scripts } }),
      rounds: options.rounds,
      repetitions: options.repetitions,
      ...(options.only && { only: new RegExp(options.only) }),
      onRun: (what) => process.stderr.write(`${what}\n`),
      onRow: (row) => {
        const cells = [row.name, row.unit, number(row.ours), number(row.peer), number(row.ratio, 2), number(row.cpuRatio, 2), gigabytes(row.peakMemory), gigabytes(row.peerPeakMemory), `${row.cpu.toFixed(2)}${row.peerCpu === null ? '' : ` / ${row.peerCpu.toFixed(2)}`}`]; // prettier-ignore
        process.stdout.write(`${cells.map(cell).join('')}\n`);
      },
    });
    if (options.json) {
      const { writeAtomically } = await import('../files/write-atomically.ts');
      const machine = {
        cpu: os.cpus()[0]?.model,
        cores: os.cpus().length,
        memory: os.totalmem(),
        node: process.version,
      };
      await writeAtomically(options.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
    }
  },
};

async function printPhases(runs: string | undefined): Promise<void> {
  const { quickPhases } = await import('../bench/quick-phases.ts');
  process.stdout.write(`${'phase'.padEnd(36)}${['jobs', 'seconds'].map((name) => name.padStart(10)).join('')}\n`);
  for (const { phase, jobs, seconds } of await quickPhases(runs)) {
    process.stdout.write(`${phase.padEnd(36)}${String(jobs).padStart(10)}${number(seconds).padStart(10)}\n`);
  }
}

function cell(text: string, column: number): string {
  return column === 0 ? text.padEnd(22) : text.padStart(13);
}

function number(value: number | null, digits = 1): string {
  return value === null ? '-' : value.toFixed(digits);
}

function gigabytes(bytes: number | null): string {
  return bytes === null ? '-' : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
