import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { Format, Unanswerable } from '../../../datasets/format.ts';
import { InputError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { printable } from '../../printable.ts';
import { Progress } from '../../progress.ts';

interface Arguments {
  benchmark: string;
  files: string[];
  split: string;
  out?: string;
  format?: string;
  licence?: string;
  column?: string[];
  unanswerable: Unanswerable;
  candidates: 'paragraph' | 'article';
  passages?: number;
  aliases?: string;
  'skip-bad': boolean;
  json: boolean;
}

const list = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, text]) => `  ${name.padEnd(18)} ${text}`).join('\n');

const epilogue = (
  formats: readonly Format[],
  tableFields: Readonly<Record<string, string>>,
): string => `Formats, told from the content (--format forces one):
${list(formats.map(({ id, description }) => [id, description] as const))}
  table              .csv, .tsv, with a header line; --column FIELD=NAME maps columns

Fields of a table (* may be given several times; without --column, the column of the field's own name):
${list(Object.entries(tableFields))}

A .gz ending means gzip. White space: each run of it becomes one space. Ids are the publisher's; where there is none, the beginning of the SHA-256 of the content. Bad rows stop the import (exit code 2, nothing is written), each told with file, line or element (zero-based, as in jq), and field. Beside the file goes a manifest: sources with their hashes, counts, and all that was left out.`;

/** `clara-bench data import`: the publisher's files to one file in the native format. */
export const dataImportCommand: CommandModule<object, Arguments> = {
  command: 'import <benchmark> <files..>',
  describe: "Bring a publisher's files, or your own, into the native format",
  builder: async (yargs) => {
    const { formats } = await import('../../../datasets/formats.ts');
    const { tableFields } = await import('../../../datasets/table.ts');
    return yargs
      .positional('benchmark', {
        type: 'string',
        demandOption: true,
        describe: 'Id to give it: hotpotqa, musique, 2wikimultihopqa, nq, squad, or any other name',
      })
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Its file, or all its parts in order',
      })
      .option('split', { type: 'string', default: 'dev', describe: 'The split that the files hold' })
      .option('out', {
        type: 'string',
        describe: 'Folder to write BENCHMARK/SPLIT.jsonl.gz to (default: the cache folder)',
      })
      .option('format', { type: 'string', describe: 'Force a format', choices: formats.map(({ id }) => id) })
      .option('licence', { type: 'string', describe: "Licence of the data (default: the publisher's, where known)" })
      .option('column', { type: 'string', array: true, nargs: 1, describe: 'Tables: FIELD=NAME of a column' })
      .option('unanswerable', {
        choices: ['leave-out', 'keep'] as const,
        default: 'leave-out' as const,
        describe:
          'Unanswerable questions of MuSiQue full and SQuAD 2.0: counted and left out, or kept with the gold answer "noanswer"',
      })
      .option('candidates', {
        choices: ['paragraph', 'article'] as const,
        default: 'paragraph' as const,
        describe: "SQuAD: the question's own paragraph, or all paragraphs of its article",
      })
      .option('passages', {
        type: 'number',
        describe: 'At most so many candidates a question; gold passages stay, distractors are cut from the end',
      })
      .option('aliases', { type: 'string', describe: '2WikiMultihopQA: its id_aliases.json' })
      .option('skip-bad', {
        type: 'boolean',
        default: false,
        describe: 'Leave bad rows out, count and list them in the manifest, instead of stopping',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the manifest' })
      .example('$0 data import hotpotqa hotpot_dev_distractor_v1.json', 'the published file, as hotpotqa dev')
      .example('$0 data import squad train-v2.0.json --split train --candidates article --passages 10', '')
      .example('$0 data import 2wikimultihopqa dev.json --aliases id_aliases.json', '')
      .example('$0 data import mine faq.csv --column question=Q --column answer=A --column gold=Passage', '')
      .epilogue(epilogue(formats, tableFields));
  },
  handler: async (given) => {
    const { importBenchmark } = await import('../../../datasets/import-benchmark.ts');
    const { dataRoot } = await import('../../../datasets/open-benchmark.ts');
    const columns = await checkOptions(given);
    const output = path.join(given.out ?? dataRoot(), given.benchmark, `${given.split}.jsonl.gz`);
    const progress = new Progress({ label: `import ${given.benchmark} ${given.split}`, unit: 'questions' });
    const manifest = await importBenchmark({
      benchmark: given.benchmark,
      split: given.split,
      files: given.files,
      output,
      format: given.format,
      licence: given.licence,
      skipBad: given['skip-bad'],
      aliasFile: given.aliases,
      options: {
        unanswerable: given.unanswerable,
        candidates: given.candidates,
        passages: given.passages,
        columns,
      },
      onQuestion: (written) => {
        if (written % 100 === 0) progress.update(written);
      },
    });
    progress.update(manifest.rows);
    progress.finish();
    const { bad_rows, warnings, unanswerable, rows_missing_gold, rows_without_gold } = manifest;
    const remarks = [
      [unanswerable.left_out, 'unanswerable questions left out (--unanswerable keep keeps them)'],
      [unanswerable.kept, 'unanswerable questions kept, with the gold answer "noanswer"'],
      [bad_rows.count, 'bad rows left out, listed in the manifest'],
      [rows_missing_gold, 'questions of which a gold passage is not among the candidates'],
      [rows_without_gold, 'questions without a gold passage'],
      [warnings.count, `questions with a gold answer that normalises to nothing, listed in the manifest`],
    ] as const;
    for (const [count, text] of remarks)
      if (count > 0) process.stderr.write(`${count.toLocaleString('en-US')} ${text}\n`);
    if (given.json) process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
    else {
      process.stdout.write(
        printable(
          `${output}: ${manifest.rows.toLocaleString('en-US')} questions, ${manifest.mean_docs} candidates and ${manifest.mean_gold} gold passages ` +
            `a question, format ${manifest.format}, licence ${manifest.licence ?? 'not stated (--licence)'}\n`,
        ),
      );
    }
  },
};

/** Checks what yargs cannot, all at once, and gives the columns by field. */
async function checkOptions({ benchmark, split, passages, column = [] }: Arguments): Promise<Record<string, string[]>> {
  const { BENCHMARK_NAME } = await import('../../../datasets/open-benchmark.ts');
  const { tableFields } = await import('../../../datasets/table.ts');
  const problems: string[] = [];
  for (const [what, name] of Object.entries({ benchmark, split })) {
    if (!BENCHMARK_NAME.test(name)) {
      problems.push(`${what}: expected a name of letters, digits, - and _, got ${JSON.stringify(name)}`);
    }
  }
  if (passages !== undefined && !(Number.isInteger(passages) && passages > 0)) {
    problems.push(`--passages: expected a positive whole number, got ${passages}`);
  }
  const columns: Record<string, string[]> = {};
  for (const mapping of column) {
    const [, field, name] = /^([^=]+)=(.+)$/s.exec(mapping) ?? [];
    if (!field || !name) problems.push(`--column: expected FIELD=NAME, got ${JSON.stringify(mapping)}`);
    else if (!Object.hasOwn(tableFields, field)) {
      const known = Object.keys(tableFields);
      const meant = nearest(field, known);
      problems.push(
        `--column: expected one of the fields ${known.join(', ')}, got ${JSON.stringify(field)}${meant ? `; did you mean ${meant}?` : ''}`,
      );
    } else columns[field] = [...(columns[field] ?? []), name];
  }
  if (problems.length > 0) throw new InputError(problems);
  return columns;
}
