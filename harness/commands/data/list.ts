import { stat } from 'node:fs/promises';
import type { CommandModule } from 'yargs';
import { printable } from '../../printable.ts';

interface Arguments {
  root?: string;
  json: boolean;
}

/** `clara-bench data list`: what is there. */
export const dataListCommand: CommandModule<object, Arguments> = {
  command: 'list',
  describe: 'The benchmarks that are there',
  builder: (yargs) =>
    yargs
      .option('root', { type: 'string', describe: 'Folder to look in (default: that of data import)' })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 data list', 'imported benchmarks, the shipped sample and the generated atlas')
      .example('$0 data list --root ~/benchmarks', "those in a folder of one's own"),
  handler: async ({ root, json }) => {
    const { digest } = await import('../../../datasets/digest.ts');
    const { publisherLicence } = await import('../../../datasets/licences.ts');
    const { readManifest } = await import('../../../datasets/manifest.ts');
    const { ATLAS_SPLITS } = await import('../../../datasets/atlas/entity-name.ts');
    const { checkRoot, dataRoot, GENERATED, listBenchmarks, shippedBenchmarks } =
      await import('../../../datasets/open-benchmark.ts');
    await checkRoot(root);
    const found = [...(await listBenchmarks(root ?? dataRoot())), ...shippedBenchmarks];
    const rows = [];
    for (const { id, split, file } of found) {
      const manifest = await readManifest(file);
      rows.push({
        benchmark: id,
        split,
        questions: manifest?.rows ?? (await digest(file)).rows,
        docs: manifest?.mean_docs ?? null,
        format: manifest?.format ?? 'native',
        licence: manifest?.licence ?? publisherLicence('native', id),
        bytes: (await stat(file)).size,
        file,
      });
    }
    // Made when asked for, as many as asked for.
    const generated = ATLAS_SPLITS.map((split) => ({
      benchmark: GENERATED,
      split,
      questions: null,
      docs: null,
      format: 'generated',
      licence: publisherLicence('native', GENERATED),
      bytes: 0,
      file: null,
    }));
    const all = [...rows, ...generated];
    if (json) {
      process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
      return;
    }
    const table = [
      ['benchmark', 'split', 'questions', 'docs', 'format', 'licence', 'MB', 'file'],
      ...all.map((row) => [
        row.benchmark,
        row.split,
        row.questions?.toLocaleString('en-US') ?? 'any',
        row.docs?.toString() ?? '-',
        row.format,
        row.licence ?? '-',
        (row.bytes / 1e6).toFixed(1),
        row.file ?? '-',
      ]),
    ];
    const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
    for (const cells of table) {
      process.stdout.write(
        printable(
          cells
            .map((cell, column) => cell.padEnd(widths[column]!))
            .join('  ')
            .trimEnd(),
        ) + '\n',
      );
    }
  },
};
