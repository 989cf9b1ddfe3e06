import type { CommandModule } from 'yargs';
import { EXIT } from '../errors.ts';
import type { LanguageModel } from '../language-model/language-model.ts';

interface ParityOptions {
  folder: string;
  model: string;
}

/** `clara-bench parity FOLDER` */
export const parityCommand: CommandModule<object, ParityOptions> = {
  command: 'parity <folder>',
  describe:
    'compare the engine, the model, the metrics and the method with golden values; exit code 1 where one is off',
  builder: (yargs) =>
    yargs
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'folder of golden values; folders below it are read too',
      })
      .option('model', {
        type: 'string',
        default: 'smollm2-135m-instruct-q4_1',
        describe: 'the GGUF model that the values were made from: id, file or folder',
      })
      .example(
        '$0 parity goldens/smollm2',
        'every value of the folder, the worst deviation of each kind beside its tolerance',
      )
      .example(
        '$0 parity goldens/clara',
        "CLaRa's top-k, losses, every training stage end to end, and an imported checkpoint",
      ),
  handler: async ({ folder, model: id }) => {
    const { folderParity, uncheckedFiles } = await import('../parity/folder.ts');
    let loaded: Promise<LanguageModel> | undefined;
    const context = {
      model: async () => {
        const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
        return (loaded ??= loadLanguageModel(id));
      },
      gguf: async () => (await import('../language-model/models/model-gguf.ts')).modelGguf(id),
    };
    let off = 0;
    for await (const { file, deviations } of folderParity(folder, context)) {
      process.stdout.write(`${file}\n`);
      for (const { name, worst, tolerance } of deviations) {
        const good = worst <= tolerance;
        if (!good) off++;
        process.stdout.write(
          `  ${good ? 'ok ' : 'OFF'}  ${name.padEnd(84)} ${short(worst).padStart(9)}  tolerance ${short(tolerance)}\n`,
        );
      }
    }
    for (const file of await uncheckedFiles(folder))
      process.stdout.write(`${file}: not checked, no check knows its layout\n`);
    process.stdout.write(off === 0 ? 'all within tolerance\n' : `${off} over tolerance\n`);
    if (off > 0) process.exitCode = EXIT.fault;
  },
};

function short(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
