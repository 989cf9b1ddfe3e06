import type { CommandModule } from 'yargs';
import { printable } from '../printable.ts';
import { Progress } from '../progress.ts';

interface Options {
  folder: string;
  out: string;
  model?: string;
  overwrite: boolean;
  json: boolean;
}

/** `clara-bench import-checkpoint FOLDER` */
export const importCheckpointCommand: CommandModule<object, Options> = {
  command: 'import-checkpoint <folder>',
  describe: "Bring a released checkpoint of CLaRa (torch) into this program's layout",
  builder: (yargs) =>
    yargs
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder with adapters.pth, decoder_first_last_layers.pth and config.json',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'Folder to write' })
      .option('model', {
        type: 'string',
        describe: 'The base model, to check against: an id of `models list`, a folder or a .gguf file',
      })
      .option('overwrite', { type: 'boolean', default: false, describe: 'Replace what is there' })
      .option('json', { type: 'boolean', default: false, describe: 'Print what was written as JSON' })
      .example('$0 import-checkpoint CLaRa-7B-E2E/compression-16 --out clara-7b', 'without the base at hand')
      .example('$0 import-checkpoint checkpoint --out mine --model mistral-folder', 'and checked against the base')
      .epilogue(
        'Nothing in the torch files is run: tensors and plain containers are read, and everything else is refused by its name.',
      ),
  handler: async ({ folder, out, model, overwrite, json }) => {
    const { importCheckpoint } = await import('../clara/checkpoint/import-checkpoint.ts');
    let progress: Progress | undefined;
    const written = await importCheckpoint({
      folder,
      out,
      model,
      overwrite,
      onProgress: (done, total) => {
        progress ??= new Progress({ label: 'import', total, unit: 'tensors' });
        progress.update(done);
      },
    });
    progress?.finish();
    if (json) {
      process.stdout.write(`${JSON.stringify(written, null, 2)}\n`);
      return;
    }
    const {
      adapters,
      memoryTokens,
      ratio,
      documentMaxLength,
      rank,
      hiddenSize,
      vocabularySize,
      source,
      model: base,
    } = written;
    const lines = [
      `${out}: ${adapters.join(', ')}, rank ${rank}`,
      `${memoryTokens} memory tokens a document (${documentMaxLength} tokens at ratio ${ratio}) of width ${hiddenSize}, ids from ${vocabularySize}`,
      `trained as ${written.stage} from ${source?.decoder_model_name}`,
      ...(source?.rows ?? []).map(
        ({ matrix, rows, differing, largest }) =>
          `${matrix}: ${differing === 0 ? `all ${rows} rows as in ${base!.id}` : `${differing} of ${rows} rows differ from ${base!.id}, by at most ${largest.toExponential(1)}`}`,
      ),
    ];
    process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''));
  },
};
