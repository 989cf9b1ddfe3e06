import { sha256 } from './files/sha256.ts';
import { PROMPT_STYLES, questionMessages } from './prompt.ts';

/** SHA-256 of the conversations that ask a question, with and without documents, in every style: two runs were asked in the same words exactly when it, the setting `prompt` and the model are equal. */
export function promptHash(): string {
  const conversations = PROMPT_STYLES.flatMap((style) =>
    [[], ['{document}', '{document}']].map((documents) => questionMessages('{question}', documents, style)),
  );
  return sha256(JSON.stringify(conversations));
}
