import type { Example } from '../../../datasets/example.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { candidateTexts } from '../candidate-vectors.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';
import { instructionPrompt } from '../instruction-prompt.ts';
import { compressionDocument } from './compression-document.ts';
import type { CompressionItem } from './compression-trainable.ts';

/** What instruction tuning learns of a question: the documents at some places among its candidates, and the prompt with an answer. */
export function instructionItem(
  model: OwnedCompressionModel,
  example: Example,
  places: readonly number[],
  answer: string,
): CompressionItem {
  const plain = (text: string): string => model.tokenizer.withoutControlTokens(text);
  const documents = candidateTexts(example, places).map((text) => compressionDocument(text, model, model.settings));
  const messages = instructionPrompt(plain(example.question), documents.map(({ count }) => count)); // prettier-ignore
  return { documents, prompt: answeredPrompt(model, messages, plain(answer)) };
}
