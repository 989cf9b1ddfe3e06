import { documentIds, type DocumentIds } from '../document-ids.ts';
import type { CompressionSettings } from '../compression-settings.ts';
import type { CompressionModel } from '../compression-model.ts';
import { memoryCount } from '../memory-count.ts';

/** A document as it is compressed: what is read of it, and the vectors that it gets. */
export interface CompressionDocument extends DocumentIds {
  readonly count: number;
}

/** Prepares a text for a compressor. Mean pooling gives a document no more vectors than it has ids. */
export function compressionDocument(
  text: string,
  { tokenizer, special }: Pick<CompressionModel, 'tokenizer' | 'special'>,
  settings: CompressionSettings,
): CompressionDocument {
  const document = documentIds(text, tokenizer, special, settings.documentMaxLength);
  const count = memoryCount(settings, document.tokens - document.truncated);
  return { ...document, count: settings.compressor === 'mean-pool' ? Math.min(count, document.ids.length) : count };
}
