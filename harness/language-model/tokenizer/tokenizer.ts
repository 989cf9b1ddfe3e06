/** Text to token ids and back, exactly as the model's own tokenizer does it. */
export interface Tokenizer {
  /** Ids of a text, without added special tokens. Special tokens written in the text become control tokens: escape text from data sets first with `withoutControlTokens`. */
  encode(text: string): number[];
  /** Text of ids, decoded as one byte sequence, special tokens left out unless asked for; spaces are not cleaned up. */
  decode(ids: readonly number[], options?: { readonly keepSpecial?: boolean }): string;
  /** A text in which no run of characters is read as a control token. */
  withoutControlTokens(text: string): string;
  /** The same tokenizer with further control tokens, whose ids follow the vocabulary in the order given. */
  withTokens(added: readonly string[]): Tokenizer;
  readonly vocabularySize: number;
  /** Ids at which generation stops. */
  readonly endIds: readonly number[];
  readonly beginId: number | null;
  readonly padId: number;
}

/** One turn of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}
