import type { CommandModule } from 'yargs';
import { InputError } from '../../errors.ts';
import { printable } from '../../printable.ts';

interface Arguments {
  benchmark?: string;
  split?: string;
  root?: string;
  json: boolean;
}

/** `clara-bench data verify`: hashes, schema and counts of what is there. */
export const dataVerifyCommand: CommandModule<object, Arguments> = {
  command: 'verify [benchmark]',
  describe: 'Check hashes, every row and every id; exit code 2 on a fault',
  builder: (yargs) =>
    yargs
      .positional('benchmark', { type: 'string', describe: 'A benchmark, or a file; by default all that are there' })
      .option('split', { type: 'string', describe: 'This split only' })
      .option('root', { type: 'string', describe: 'Folder to look in (default: that of data import)' })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 data verify', 'all imported benchmarks')
      .example('$0 data verify hotpotqa --split dev', 'one of them')
      .example('$0 data verify mine.jsonl.gz', 'a file in the native format'),
  handler: async ({ benchmark, split, root, json }) => {
    const { verifyBenchmark } = await import('../../../datasets/verify-benchmark.ts');
    const files = await chosen(benchmark, split, root);
    const results = [];
    for (const file of files) {
      const result = { file, ...(await verifyBenchmark(file)) };
      results.push(result);
      if (json) continue;
      const state = result.problems.length > 0 ? 'FAULT' : 'ok';
      const compared = result.manifest ? 'equal to its manifest' : 'no manifest to compare with';
      const detail = result.problems.length > 0 ? 'see below' : compared;
      process.stdout.write(
        printable(`${state}  ${file}: ${result.rows.toLocaleString('en-US')} questions, ${detail}`) + '\n',
      );
    }
    if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
    const problems = results.flatMap((result) => result.problems);
    if (problems.length > 0) throw new InputError(problems);
  },
};

async function chosen(benchmark: string | undefined, split: string | undefined, root: string | undefined) {
  const { checkRoot, dataRoot, findBenchmark, listBenchmarks, shippedBenchmarks } =
    await import('../../../datasets/open-benchmark.ts');
  await checkRoot(root);
  const folder = root ?? dataRoot();
  // Of the shipped ones, those that are asked for: it is what was imported that is checked by default.
  const shipped = shippedBenchmarks.filter(({ id }) => id === benchmark);
  const all = [...(await listBenchmarks(folder)), ...shipped].filter(
    (found) => (benchmark === undefined || found.id === benchmark) && (split === undefined || found.split === split),
  );
  if (all.length > 0) return all.map(({ file }) => file);
  if (benchmark !== undefined) return [await findBenchmark(benchmark, { split, root })];
  throw new InputError(`${folder}: expected imported benchmarks, got none${split ? ` with the split ${split}` : ''}`);
}
