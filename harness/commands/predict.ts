import type { CommandModule } from 'yargs';
import { duration } from '../progress.ts';
import { dialOption } from './dial-option.ts';
import { keyValues } from './key-values.ts';

interface PredictOptions {
  system: string;
  model: string;
  data: string;
  split?: string;
  dial: string[];
  out: string;
  docs?: string;
  ratio?: number;
  prompt?: string;
  set: string[];
  'max-new-tokens': number;
  batch: number;
  seed: number;
  limit?: number;
  checkpoint?: string;
  overwrite?: boolean;
  resume?: boolean;
}

/** `clara-bench predict`: one system answers one file of questions. */
export const predictCommand: CommandModule<object, PredictOptions> = {
  command: 'predict',
  describe: 'Answer a file of questions with one system',
  builder: async (yargs) => {
    const { systems } = await import('../../baselines/systems.ts');
    const { PROMPT_STYLES } = await import('../prompt.ts');
    const { suiteDefaults } = await import('../suite/suite-schema.ts');
    return yargs
      .option('system', {
        type: 'string',
        demandOption: true,
        describe: `${systems.map(({ id, description }) => `${id} (${description})`).join('; ')}; or a module of your own (.ts, .js)`,
      })
      .option('model', {
        type: 'string',
        default: 'smollm2-135m-instruct-q4_1',
        describe: 'An id of `models list`, a model folder, a .gguf file, or none for a system that needs none',
      })
      .option('data', {
        type: 'string',
        demandOption: true,
        describe: 'Questions in the native format (.jsonl, .jsonl.gz), or the id of a benchmark (`data list`)',
      })
      .option('split', { type: 'string', describe: 'Of a benchmark that is named by its id (default: dev)' })
      .option('dial', dialOption)
      .option('out', { type: 'string', demandOption: true, describe: 'File of the predictions; ends in .jsonl' })
      .option('docs', {
        type: 'string',
        describe: 'Documents that are read: gold, all, the first N, oracle-N or bm25-N',
      })
      .option('ratio', { type: 'number', describe: 'Compression ratio (text-budget)' })
      .option('prompt', { choices: PROMPT_STYLES, describe: "How the prompt ends; clara: as CLaRa's own" })
      .option('set', {
        type: 'string',
        array: true,
        default: [],
        describe: 'A further setting of the system, KEY=VALUE (the value as JSON, or text)',
      })
      .option('max-new-tokens', {
        type: 'number',
        default: suiteDefaults.maxNewTokens,
        describe: 'Tokens of an answer at most',
      })
      .option('batch', {
        type: 'number',
        default: suiteDefaults.batch,
        describe: 'Questions answered together',
      })
      .option('seed', { type: 'number', default: suiteDefaults.seed, describe: 'Seed of systems that sample' })
      .option('limit', { type: 'number', describe: 'Only the first N questions; of atlas, so many' })
      .option('checkpoint', {
        type: 'string',
        describe: 'Folder of a finished training that a trained system answers with (runs/train-<key>)',
      })
      .option('overwrite', { type: 'boolean', describe: 'Replace what is there' })
      .option('resume', { type: 'boolean', describe: 'Go on where an interrupted run stopped' })
      .conflicts('overwrite', 'resume')
      .example('$0 predict --system text --data sample --out out/text.jsonl', 'all documents as text')
      .example('$0 predict --system text --docs gold --data dev.jsonl.gz --out out/gold.jsonl', 'the gold ones only')
      .example(
        '$0 predict --system text-budget --ratio 4 --data sample --out out/r4.jsonl',
        'as many tokens of each as vectors',
      )
      .example(
        '$0 predict --system text --data atlas --limit 100 --dial documents=8 --out out/atlas.jsonl',
        'generated questions',
      )
      .example(
        '$0 predict --system text-lora --checkpoint runs/train-KEY --data sample --out out/lora.jsonl',
        'with trained weights',
      );
  },
  handler: async (given) => {
    const { predictFile } = await import('../predict-file.ts');
    const { system, model, data, split, dial, out, maxNewTokens, batch, seed, limit, checkpoint, overwrite, resume } =
      given;
    const settings = settingsOf(given);
    const whenThere = overwrite ? 'overwrite' : resume ? 'resume' : 'refuse';
    const options = {
      system,
      settings,
      model,
      data,
      split,
      dials: dial.length > 0 ? keyValues('--dial', dial) : undefined,
      out,
      maxNewTokens,
      batch,
      seed,
      limit,
      checkpoint,
      whenThere,
    } as const;
    const { predictions, failures, wallMs, already, data: questionsFile } = await predictFile(options);
    const questions = predictions + failures;
    const time = already ? 'there already' : duration(wallMs / 1000);
    const each = already || questions === 0 ? '' : `, ${(wallMs / questions / 1000).toFixed(2)} s each`;
    process.stdout.write(
      `${out}: ${predictions} predictions, ${failures} failures (${time}${each})\n` +
        `next: clara-bench score ${quoted(out)} --data ${quoted(questionsFile)}${limit === undefined ? '' : ' --allow-missing'}\n`,
    );
  },
};

function settingsOf({
  docs,
  ratio,
  prompt,
  set,
}: Pick<PredictOptions, 'docs' | 'ratio' | 'prompt' | 'set'>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  if (docs !== undefined) settings.docs = /^\d+$/.test(docs) ? Number(docs) : docs;
  if (ratio !== undefined) settings.ratio = ratio;
  if (prompt !== undefined) settings.prompt = prompt;
  return { ...settings, ...keyValues('--set', set) };
}

/** A path as it can be pasted into a shell. */
function quoted(file: string): string {
  return /^[\w./~-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}
