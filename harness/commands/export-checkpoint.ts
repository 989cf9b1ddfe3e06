import type { CommandModule } from 'yargs';
import { printable } from '../printable.ts';

interface Options {
  folder: string;
  out: string;
  float16: boolean;
  overwrite: boolean;
}

/** `clara-bench export-checkpoint FOLDER` */
export const exportCheckpointCommand: CommandModule<object, Options> = {
  command: 'export-checkpoint <folder>',
  describe: 'Bring a finished training into a folder that can be given away',
  builder: (yargs) =>
    yargs
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'A finished training of a compression system: train-<key> among the runs',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'Folder to write' })
      .option('float16', { type: 'boolean', default: false, describe: 'Store the weights as half floats' })
      .option('overwrite', { type: 'boolean', default: false, describe: 'Replace what is there' })
      .example('$0 export-checkpoint runs/train-1f0c9e6b0f5a7d21 --out nano-scp --float16', 'half the size')
      .epilogue('A suite takes it as pretraining: { checkpoint: ./nano-scp } of a compression system.'),
  handler: async ({ folder, out, float16, overwrite }) => {
    const { exportCheckpoint } = await import('../clara/checkpoint/export-checkpoint.ts');
    const written = await exportCheckpoint({ folder, out, storedAs: float16 ? 'F16' : 'F32', overwrite });
    const { trainer, steps, tokens, loss, examples, benchmark, files } = written;
    const lines = [
      `${out}: ${trainer}, ${steps} steps over ${examples.count} questions of ${benchmark.id} (${benchmark.split}), ${tokens} tokens${loss === null ? '' : `, loss ${loss.toFixed(4)} at the end`}`,
      ...Object.entries(files).map(([name, sha256]) => `${name}  ${sha256}`),
    ];
    process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''));
  },
};
