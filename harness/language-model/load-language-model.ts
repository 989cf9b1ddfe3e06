import { openModelFiles } from './open-model-files.ts';
import { Progress } from '../progress.ts';
import { disposeDecoderWeights, loadDecoderWeights } from './decoder-weights.ts';
import { generate } from './generate.ts';
import type { LanguageModel } from './language-model.ts';
import { disposeSteps } from './stepper.ts';

/**
 * Opens a model by id, folder or GGUF file and loads its weights, as float32.
 *
 * @throws InputError where it is not there or is not a model of a supported kind
 */
export async function loadLanguageModel(idOrPath: string): Promise<LanguageModel> {
  const files = await openModelFiles(idOrPath);
  const { config, tokenizer } = files;
  const progress = new Progress({ label: `load ${idOrPath}`, total: files.weights.names().length, unit: 'tensors' });
  let weights;
  try {
    weights = await loadDecoderWeights(config, files.weights, (done) => progress.update(done));
  } finally {
    await files.weights.close();
  }
  progress.finish();
  const generator = {
    config,
    weights,
    endIds: tokenizer.endIds,
    decodeIds: (ids: readonly number[]) => tokenizer.decode(ids),
  };
  return {
    id: files.id,
    hash: files.hash,
    config,
    weights,
    tokenizer,
    renderChat: (messages, options) => files.renderChat(messages, options),
    generate: (prompts, options) => Promise.resolve(generate(generator, prompts, options)),
    dispose: () => {
      disposeSteps(generator);
      disposeDecoderWeights(weights);
    },
  };
}
