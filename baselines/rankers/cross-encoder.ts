import path from 'node:path';
import { checkSettings } from '../settings.ts';
import { crossEncoderSettings } from './cross-encoder-settings.ts';
import { crossEncoderTrainer } from './cross-encoder-trainer.ts';
import { rankByLikelihood } from './rank-by-likelihood.ts';
import { rankingSystem } from './ranking-system.ts';

/**
 * The backbone reads question and document together, and is fine-tuned (LoRA) so that its score tells the gold passages from the others (crossEncoderTrainer). The score is
 * that of `query-likelihood`, the log-likelihood of the question after the document: without training the two are the same. Unlike the cross-encoders in
 * use (Nogueira and Cho, 2019, arXiv 1901.04085), it has no classifier of its own to learn from few questions.
 */
export const crossEncoder = rankingSystem({
  id: 'cross-encoder',
  description: 'ranks the documents by the likelihood of the question after each, fine-tuned to tell gold from others',
  settings,
  training: (given) => ({ trainer: crossEncoderTrainer, settings: settings(given), from: null }),
  async rank(examples, context) {
    if (context.trained === null) throw new Error('cross-encoder: expected the folder of its training');
    const { createLoraAdapter, disposeLoraAdapter } = await import('../../harness/language-model/lora.ts');
    const { loadVariables } = await import('../../harness/training/load-variables.ts');
    const { crossEncoderVariables } = await import('./cross-encoder-trainable.ts');
    const model = await context.model();
    const given = settings(context.settings);
    const adapter = createLoraAdapter(model.config, given, (_, [rows, columns]) => new Float32Array(rows * columns));
    try {
      await loadVariables(path.join(context.trained, 'weights.safetensors'), crossEncoderVariables(adapter));
      return await rankByLikelihood(examples, model, given.documentTokens, adapter);
    } finally {
      disposeLoraAdapter(adapter);
    }
  },
});

function settings(given: Readonly<Record<string, unknown>>) {
  return checkSettings('cross-encoder', crossEncoderSettings, given);
}
