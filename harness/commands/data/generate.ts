import type { CommandModule } from 'yargs';
import { InputError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { Progress } from '../../progress.ts';
import { keyValues } from '../key-values.ts';

interface Arguments {
  benchmark: string;
  questions: number;
  split: string;
  out: string;
  [dial: string]: unknown;
}

/** `clara-bench data generate`: questions of the generated benchmark, as many as asked for. */
export const dataGenerateCommand: CommandModule<object, Arguments> = {
  command: 'generate <benchmark>',
  describe: 'Write questions of the generated benchmark atlas, any number of them',
  builder: async (yargs) => {
    const { ATLAS_QUESTIONS } = await import('../../../datasets/atlas/atlas-file.ts');
    const { atlasDials } = await import('../../../datasets/atlas/dials.ts');
    const { ATLAS_SPLITS } = await import('../../../datasets/atlas/entity-name.ts');
    const { GENERATED } = await import('../../../datasets/open-benchmark.ts');
    const defaults: Record<string, unknown> = atlasDials.parse({});
    const base = yargs
      .positional('benchmark', { type: 'string', demandOption: true, choices: [GENERATED], describe: 'Its id' })
      .option('questions', { type: 'number', default: ATLAS_QUESTIONS, describe: 'Questions to write' })
      .option('split', {
        choices: ATLAS_SPLITS,
        default: 'dev' as const,
        describe: 'Split: no entity occurs in two; passages of train have questions and a paraphrase each',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'File to write; ends in .jsonl or .jsonl.gz' });
    return Object.entries(atlasDials.shape)
      .reduce(
        (options, [dial, { description }]) =>
          options.option(dial, {
            type: 'string',
            nargs: 1,
            describe: `${description} (default: ${JSON.stringify(defaults[dial])})`,
          }),
        base,
      )
      .example('$0 data generate atlas --questions 40000 --split train --ask all --out train.jsonl.gz', 'to train on')
      .example('$0 data generate atlas --shared 1 --names 1 --out hard.jsonl', 'names decide which passage is meant')
      .example('$0 data generate atlas --hops 2 --documents 8 --out hops.jsonl', 'two passages for each answer')
      .example('$0 data generate atlas --comparison 1 --length 100 --out compare.jsonl', 'yes/no, long passages')
      .epilogue(
        'The same options give the same bytes everywhere, and the first questions of more are the same. Suites take the dials as ' +
          '{ id: atlas, split: dev, limit: 200, dials: { documents: 8 } }, predict as --data atlas --limit 200 --dial documents=8.',
      );
  },
  handler: async (given) => {
    const { atlasSplit } = await import('../../../datasets/atlas/atlas-file.ts');
    const { chanceWithoutDocuments } = await import('../../../datasets/atlas/chance-without-documents.ts');
    const { atlasDials, checkDials } = await import('../../../datasets/atlas/dials.ts');
    const { writeAtlas } = await import('../../../datasets/atlas/write-atlas.ts');
    const { digest } = await import('../../../datasets/digest.ts');
    const { benchmark, questions, split, out } = given;
    const turned = Object.keys(atlasDials.shape).filter((dial) => given[dial] !== undefined);
    const problems: string[] = [];
    if (!Number.isSafeInteger(questions) || questions < 1 || questions > MOST_QUESTIONS) {
      problems.push(`--questions: expected a whole number from 1 to ${MOST_QUESTIONS}, got ${questions}`);
    }
    if (!/[^/\\]\.jsonl(\.gz)?$/.test(out)) {
      problems.push(`--out: expected a file that ends in .jsonl or .jsonl.gz, got ${JSON.stringify(out)}`);
    }
    let dials = atlasDials.parse({});
    try {
      dials = checkDials(
        keyValues(
          '--dial',
          turned.map((dial) => `${dial}=${String(given[dial])}`),
        ),
        'dials',
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
    if (problems.length > 0) throw new InputError(problems);

    const progress = new Progress({ label: `generate ${benchmark} ${split}`, total: questions, unit: 'questions' });
    await writeAtlas(out, atlasSplit(split), questions, dials, (written) => progress.update(written));
    progress.finish();
    const { sha256 } = await digest(out);
    const chance = (100 * chanceWithoutDocuments(dials)).toFixed(1);
    const count = questions.toLocaleString('en-US');
    process.stdout.write(
      printable(`${out}: ${count} questions, SHA-256 ${sha256}; chance without passages ${chance} %`) + '\n',
    );
  },
};

/** Ids have seven digits. */
const MOST_QUESTIONS = 9_999_999;
