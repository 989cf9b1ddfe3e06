import path from 'node:path';
import type { CommandModule } from 'yargs';
import { duration, Progress } from '../progress.ts';

interface PretrainOptions {
  model: string;
  out: string;
  recipe?: string;
  'steps-scale': number;
  seed?: number;
}

/** `clara-bench pretrain nano`: makes the weights of the small model that ships again. */
export const pretrainCommand: CommandModule<object, PretrainOptions> = {
  command: 'pretrain <model>',
  describe: 'Pretrain the small model that ships, from its recipe',
  builder: (yargs) =>
    yargs
      .positional('model', { choices: ['nano'], demandOption: true, describe: 'The model' })
      .option('out', {
        type: 'string',
        default: 'out/nano',
        describe: 'Folder of the model; an interrupted run goes on',
      })
      .option('recipe', { type: 'string', describe: 'A recipe (YAML) of your own; without it the one that ships' })
      .option('steps-scale', { type: 'number', default: 1, describe: 'Multiplies the steps of all phases' })
      .option('seed', { type: 'number', describe: "Seed of weights and data; the recipe's without it" })
      .example('$0 pretrain nano', 'the model that ships, in out/nano')
      .example('$0 pretrain nano --steps-scale 0.01 --out out/look', 'a look at the first hundredth')
      .example('$0 predict --system text --model out/nano --data FILE --out out/text.jsonl', 'and what it answers'),
  handler: async ({ out, recipe, 'steps-scale': stepsScale, seed }) => {
    const { readRecipe, scaledRecipe } = await import('../nano/recipe.ts');
    const { pretrainNano } = await import('../nano/pretrain-nano.ts');
    const read = await readRecipe(recipe ?? path.join(import.meta.dirname, '../nano/recipe.yaml'));
    const scaled = scaledRecipe(read, stepsScale);
    let progress: Progress | undefined;
    const scores = await pretrainNano({
      recipe: seed === undefined ? scaled : { ...scaled, seed },
      folder: out,
      onProgress: ({ step, steps, terms, tokensPerSecond, secondsLeft }) => {
        progress ??= new Progress({ label: 'pretrain nano', total: steps, unit: 'steps', already: step - 1 });
        const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left by its speed`;
        progress.update(step, `loss ${terms.loss?.toFixed(3)}, ${Math.round(tokensPerSecond)} tokens/s${left}`);
      },
    });
    progress?.finish();
    for (const [name, value] of Object.entries(scores)) process.stdout.write(`${name}\t${value.toFixed(3)}\n`);
    process.stdout.write(`${out}: the model, with pretraining.json (recipe, curve, exact match)\n`);
  },
};
