import type { CommandModule } from 'yargs';
import type { Example } from '../../../datasets/example.ts';
import { InputError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { printable } from '../../printable.ts';
import { dialOption } from '../dial-option.ts';
import { keyValues } from '../key-values.ts';

interface Arguments {
  benchmark: string;
  id?: string;
  split?: string;
  root?: string;
  dial: string[];
  json: boolean;
}

/** Of a mistyped id, the nearest of so many is suggested. */
const MAX_COMPARED = 10_000;

/** `clara-bench data show`: one question as a reader would like to see it. */
export const dataShowCommand: CommandModule<object, Arguments> = {
  command: 'show <benchmark>',
  describe: 'One question with its answers and passages, the gold ones marked',
  builder: (yargs) =>
    yargs
      .positional('benchmark', { type: 'string', demandOption: true, describe: 'A benchmark, or a file' })
      .option('id', { type: 'string', describe: 'Id of the question; by default the first one' })
      .option('split', { type: 'string', describe: 'Split (default: dev)' })
      .option('root', { type: 'string', describe: 'Folder to look in (default: that of data import)' })
      .option('dial', dialOption)
      .option('json', { type: 'boolean', default: false, describe: 'Print the row as it is in the file' })
      .example('$0 data show sample', 'the first question of the shipped sample')
      .example('$0 data show atlas --dial hops=2', 'a generated question')
      .example('$0 data show hotpotqa --split dev --id 5a7f6fd75542992e7d278cfa', ''),
  handler: async ({ benchmark, id, split, root, dial, json }) => {
    const { nativeLine } = await import('../../../datasets/native.ts');
    const { GENERATED, openBenchmark } = await import('../../../datasets/open-benchmark.ts');
    const { checkDials } = await import('../../../datasets/atlas/dials.ts');
    if (dial.length > 0 && benchmark !== GENERATED) {
      throw new InputError(`--dial: expected with ${GENERATED} only, got ${JSON.stringify(benchmark)}`);
    }
    const dials = checkDials(keyValues('--dial', dial), '--dial');
    const opened = await openBenchmark(benchmark, { split, root, dials });
    const ids: string[] = [];
    for await (const example of opened.load()) {
      if (id === undefined || example.id === id) {
        process.stdout.write(json ? `${nativeLine(example)}\n` : readable(example));
        return;
      }
      if (ids.length < MAX_COMPARED) ids.push(example.id);
    }
    if (id === undefined) throw new InputError(`${opened.file}: expected a question, got an empty file`);
    const meant = nearest(id, ids);
    throw new InputError(
      `${opened.file}: no question with the id ${JSON.stringify(id)} among ${opened.rows.toLocaleString('en-US')}` +
        (meant === undefined ? `; the first is ${JSON.stringify(ids[0])}` : `; did you mean ${JSON.stringify(meant)}?`),
    );
  },
};

function readable({ id, question, answers, docs, pos_index }: Example): string {
  const gold = new Set(pos_index);
  const passages = docs.flatMap(({ title, text, pairs = [], paraphrase }, index) => [
    '',
    `${gold.has(index) ? '* ' : '  '}[${index}] ${title || '(no title)'}${gold.has(index) ? '  (gold)' : ''}`,
    ...wrap(text).map((line) => `      ${line}`),
    ...pairs.flatMap(({ question, answer }) => wrap(`- ${question} ${answer}`).map((line) => `      ${line}`)),
    ...(paraphrase === undefined ? [] : wrap(`paraphrase: ${paraphrase}`).map((line) => `      ${line}`)),
  ]);
  const lines = [
    `id        ${id}`,
    `question  ${question}`,
    `answers   ${answers.join(' | ')}`,
    `passages  ${docs.length}, gold: ${pos_index.join(', ') || 'none'}`,
    ...passages,
  ];
  // A line feed inside a field would let a text fake a line of its own.
  return lines.map((line) => `${printable(line.replace(/\s+$/u, '').replaceAll('\n', '\\n'))}\n`).join('');
}

function wrap(text: string, width = 100): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.length - 1;
    if (lines[last] && lines[last].length + word.length >= width) lines.push(word);
    else lines[last] += `${lines[last] && ' '}${word}`;
  }
  return lines;
}
