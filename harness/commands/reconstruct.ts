import type { CommandModule } from 'yargs';
import { InputError } from '../errors.ts';
import { printable } from '../printable.ts';

interface Options {
  checkpoint: string;
  docs: string;
  model?: string;
  limit: number;
  'max-new-tokens': number;
  json: boolean;
}

/** `clara-bench reconstruct`: what a checkpoint's generator makes of the vectors of single passages. */
export const reconstructCommand: CommandModule<object, Options> = {
  command: 'reconstruct',
  describe: 'Show what is left of passages in their vectors: the generator paraphrases them',
  builder: (yargs) =>
    yargs
      .option('checkpoint', {
        type: 'string',
        demandOption: true,
        describe:
          'Folder with clara.json and weights.safetensors; one of compression pretraining has learnt to paraphrase',
      })
      .option('docs', {
        type: 'string',
        demandOption: true,
        describe:
          'Passages: one a line (.txt), {"title","text"} a line (.jsonl), or columns title and text (.csv, .tsv); .gz: gzip',
      })
      .option('model', { type: 'string', describe: "The backbone (default: the checkpoint's own)" })
      .option('limit', { type: 'number', default: 5, describe: 'Passages at most, the first of the file' })
      .option('max-new-tokens', { type: 'number', default: 128, describe: 'Tokens of a paraphrase at most' })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON lines' })
      .example('$0 reconstruct --checkpoint runs/train-KEY --docs passages.txt', ''),
  handler: async ({ checkpoint, docs, model, limit, 'max-new-tokens': maxNewTokens, json }) => {
    const problems = Object.entries({ limit, 'max-new-tokens': maxNewTokens })
      .filter(([, value]) => !Number.isInteger(value) || value < 1)
      .map(([name, value]) => `--${name}: expected a positive whole number, got ${value}`);
    if (problems.length > 0) throw new InputError(problems);
    const { readPassages } = await import('../../datasets/read-passages.ts');
    const { documentText } = await import('../prompt.ts');
    const { wordTokens } = await import('../../baselines/rankers/word-tokens.ts');
    const { openClara } = await import('../clara/ask-model.ts');
    const texts = (await readPassages(docs)).slice(0, limit).map(documentText);
    const clara = await openClara(checkpoint, model);
    try {
      for (const [at, { text, vectors }] of (await clara.reconstruct(texts, { maxNewTokens })).entries()) {
        const passage = texts[at]!;
        const words = new Set(wordTokens(passage));
        const written = new Set(wordTokens(text));
        const kept = [...words].filter((word) => written.has(word)).length / Math.max(1, words.size);
        process.stdout.write(
          json
            ? `${JSON.stringify({ passage, reconstruction: text, vectors, wordsKept: kept })}\n`
            : `passage         ${printable(passage)}\nreconstruction  ${printable(text)}\n${vectors} vectors; ${(100 * kept).toFixed(0)} % of the passage's distinct words are in the reconstruction\n\n`,
        );
      }
    } finally {
      clara.dispose();
    }
  },
};
