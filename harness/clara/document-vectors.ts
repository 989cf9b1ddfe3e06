/** What stands for a document: its memory vectors, and what making them was. */
export interface DocumentVectors {
  /** [count, H], row-major. Shared with others that read it: not to be written to. */
  readonly vectors: Float32Array;
  readonly count: number;
  /** Tokens of the document's text. */
  readonly tokens: number;
  /** Of these, how many were cut off. */
  readonly truncated: number;
  /** Milliseconds of compressing, a batch's time divided by its documents. */
  readonly ms: number;
}

/** The vectors of a document that is told by its hash. */
export interface HashedVectors extends DocumentVectors {
  /** SHA-256 in hex of the document's token ids or text, as the caller decides. */
  readonly hash: string;
}
