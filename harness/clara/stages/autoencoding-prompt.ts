import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import { targetsBehind } from '../answered-prompt.ts';
import type { CompressionModel } from '../compression-model.ts';
import type { CompressionDocument } from './compression-document.ts';

/**
 * A document's memory tokens, `<AE>`, and what the compressor read of the document, which is to be said again (Ge et al., 2023, section 2.2.1); what was cut off is not.
 */
export function autoencodingPrompt(
  { special, tokenizer }: Pick<CompressionModel, 'special' | 'tokenizer'>,
  { ids, count }: CompressionDocument,
): TargetedSequence {
  const memory = Array.from({ length: count }, (_, i) => special.first + i);
  // Before the text stand <ENC> and the begin token, where there is one.
  const text = ids.slice(tokenizer.beginId === null ? 1 : 2);
  return targetsBehind([...memory, special.autoencode, ...text], count + 1);
}
