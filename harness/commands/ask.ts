import type { CommandModule } from 'yargs';
import type { Document } from '../../datasets/example.ts';
import type { TextAnswer } from '../clara/answer-table.ts';
import { InputError } from '../errors.ts';
import type { LanguageModel } from '../language-model/language-model.ts';

/** A longer question is a file given for one. */
const MAX_QUESTION_CHARACTERS = 10_000;

interface Options {
  checkpoint: string;
  question: string;
  docs: string;
  model?: string;
  k?: number;
  'max-new-tokens': number;
  explain: boolean;
  json: boolean;
}

/** `clara-bench ask`: one question over a file of passages, answered by a trained or imported checkpoint. */
export const askCommand: CommandModule<object, Options> = {
  command: 'ask',
  describe: 'Ask one question over a file of passages: ranking, chosen passages, measured ratio, answer, times',
  builder: (yargs) =>
    yargs
      .option('checkpoint', {
        type: 'string',
        demandOption: true,
        describe: 'Folder with clara.json and weights.safetensors: a finished training, or an imported checkpoint',
      })
      .option('question', { type: 'string', demandOption: true, describe: 'The question' })
      .option('docs', {
        type: 'string',
        demandOption: true,
        describe:
          'Passages: one a line (.txt), {"title","text"} a line (.jsonl), or columns title and text (.csv, .tsv); .gz: gzip',
      })
      .option('model', {
        type: 'string',
        describe: "The backbone: an id of `models list`, a folder or a .gguf file (default: the checkpoint's own)",
      })
      .option('k', { type: 'number', describe: 'Passages that the answer is made from (default: as it was trained)' })
      .option('max-new-tokens', { type: 'number', default: 64, describe: 'Tokens of the answer at most' })
      .option('explain', {
        type: 'boolean',
        default: false,
        describe: 'Also show what the backbone without the checkpoint answers from the text of the chosen passages',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 ask --checkpoint runs/train-KEY --question "Who wrote it?" --docs passages.txt', '')
      .example('$0 ask --checkpoint clara-7b --question "Where?" --docs facts.csv --k 3 --explain', ''),
  handler: async ({ checkpoint, docs, model, k, 'max-new-tokens': maxNewTokens, explain, json, ...given }) => {
    const question = given.question.trim();
    checkOptions(question, k, maxNewTokens);
    const { readPassages } = await import('../../datasets/read-passages.ts');
    const documents = await readPassages(docs);
    const { openClara } = await import('../clara/ask-model.ts');
    const clara = await openClara(checkpoint, model);
    try {
      const answered = await clara.ask(question, documents, { k: k ?? clara.k, maxNewTokens });
      const chosen = answered.selected.map((index) => documents[index]!);
      const text = explain ? await askText(clara.base, question, chosen, maxNewTokens) : null;
      const { answerTable, measuredRatio } = await import('../clara/answer-table.ts');
      const { ratio } = clara;
      process.stdout.write(
        json
          ? `${JSON.stringify({ question, ...answered, ratio: { nominal: ratio, measured: measuredRatio(answered.tokens) }, text }, null, 2)}\n`
          : answerTable({ question, documents, ratio, answered, text }),
      );
    } finally {
      clara.dispose();
    }
  },
};

/** Checks what yargs cannot, all at once. */
function checkOptions(question: string, k: number | undefined, maxNewTokens: number): void {
  const problems: string[] = [];
  if (question === '' || question.length > MAX_QUESTION_CHARACTERS) {
    problems.push(`--question: expected 1 to ${MAX_QUESTION_CHARACTERS} characters, got ${question.length}`);
  }
  for (const [name, value] of Object.entries({ k: k ?? 1, 'max-new-tokens': maxNewTokens })) {
    if (!Number.isInteger(value) || value < 1)
      problems.push(`--${name}: expected a positive whole number, got ${value}`);
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** What the `text` system answers with the same backbone from the same documents, in the same prompt. */
async function askText(
  base: LanguageModel,
  question: string,
  docs: readonly Document[],
  maxNewTokens: number,
): Promise<TextAnswer> {
  const { text } = await import('../../baselines/text.ts');
  const context = {
    ...{ model: () => Promise.resolve(base), maxNewTokens, batch: 1, seed: 0, trained: null, cache: '' },
    settings: text.settings({ docs: 'all', prompt: 'clara' }),
  };
  const example = { id: 'question', question, answers: [''], docs: [...docs], pos_index: [] };
  for await (const result of text.predict([example], context)) {
    if ('error' in result)
      return { answer: `(none: ${result.error})`, tokens: { prompt: 0, output: 0 }, ms: { prefill: 0, decode: 0 } };
    const { prediction, tokens, ms } = result;
    return {
      answer: prediction,
      tokens: { prompt: tokens?.prompt ?? 0, output: tokens?.output ?? 0 },
      ms: { prefill: ms?.prefill ?? 0, decode: ms?.decode ?? 0 },
    };
  }
  throw new Error('the text system gave no answer');
}
