import type { CommandModule } from 'yargs';
import { Progress } from '../progress.ts';
import type { Scores } from '../scoring/score-files.ts';

interface Options {
  readonly predictions: string;
  readonly data: string;
  readonly preset: string;
  readonly timings: string | undefined;
  readonly failures: string | undefined;
  readonly 'allow-missing': boolean;
  readonly 'ranking-only': boolean | undefined;
  readonly 'per-question': string | undefined;
  readonly json: boolean;
}

/** `clara-bench score`: metrics of a file of predictions, from this program or from elsewhere. */
export const scoreCommand: CommandModule<object, Options> = {
  command: 'score <predictions>',
  describe: 'Score a file of predictions: exact match, F1, cover exact match, recall, tokens, times',
  builder: async (yargs) => {
    const { presets } = await import('../metrics/presets.ts');
    return yargs
      .positional('predictions', {
        type: 'string',
        demandOption: true,
        describe: 'JSON lines, {"id","prediction"} at least (.gz: gzip)',
      })
      .option('data', {
        type: 'string',
        demandOption: true,
        describe: 'The questions with their gold answers, in the native format (.gz: gzip)',
      })
      .option('preset', {
        type: 'string',
        default: presets[0]!.id,
        describe: `Whose definitions: ${presets.map((preset) => preset.id).join(', ')}`,
      })
      .option('timings', {
        type: 'string',
        describe: 'Milliseconds by id; default: the timings file beside the predictions',
      })
      .option('failures', {
        type: 'string',
        describe: 'Questions that the system could not answer; default: the failures file beside the predictions',
      })
      .option('allow-missing', {
        type: 'boolean',
        default: false,
        describe: 'Score what is there, though questions have neither a prediction nor a recorded failure',
      })
      .option('ranking-only', {
        type: 'boolean',
        describe:
          'The predictions rank the documents and answer nothing: metrics of answers are left out; default: what the manifest beside the predictions says',
      })
      .option('per-question', {
        type: 'string',
        describe: 'Write one JSON line a question with every metric to this file',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON instead of a table' })
      .example('$0 score answers.jsonl --data sample.jsonl', 'Score with the default definitions')
      .example('$0 score answers.jsonl --data sample.jsonl --preset clara --json', 'Score as CLaRa’s evaluate.py does')
      .epilogue(presets.map(({ id, description }) => `${id}: ${description}.`).join('\n\n'));
  },
  handler: async (options) => {
    const { scoreTable } = await import('../scoring/score-table.ts');
    const scores = await scoreWithFilesBeside(options);
    process.stdout.write(options.json ? `${JSON.stringify(scores, null, 2)}\n` : scoreTable(scores));
  },
};

async function scoreWithFilesBeside(options: Options): Promise<Scores> {
  const { findBeside } = await import('../scoring/beside.ts');
  const { scoreFiles } = await import('../scoring/score-files.ts');
  const { predictions, data, preset, 'allow-missing': allowMissing } = options;
  const { readManifestBeside } = await import('../store/manifest-beside.ts');
  const manifest = await readManifestBeside(predictions);
  const progress = process.stderr.isTTY ? new Progress({ label: 'scoring', unit: 'questions' }) : undefined;
  const scores = await scoreFiles({
    predictions,
    data,
    preset,
    allowMissing,
    perQuestion: options['per-question'],
    timings: options.timings ?? (await findBeside(predictions, 'timings')),
    failures: options.failures ?? (await findBeside(predictions, 'failures')),
    peakMemoryBytes: manifest?.peakMemoryBytes,
    rankingOnly: options['ranking-only'] ?? manifest?.system.answers === false,
    progress,
  });
  progress?.finish();
  if (allowMissing && scores.missing > 0) {
    process.stderr.write(
      `warning: ${scores.missing} of ${scores.questions} questions have no prediction and are not scored\n`,
    );
  }
  return scores;
}
