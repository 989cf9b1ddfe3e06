/** One question answered from vectors. */
export interface VectorAnswer {
  readonly text: string;
  /** Candidates by their places among the example's documents, best first, and their cosines; null where nothing was ranked. */
  readonly ranking: readonly number[] | null;
  readonly scores: readonly number[] | null;
  /** Documents that the answer was made from, in the order of their slots. */
  readonly selected: readonly number[];
  /** As in a Prediction (harness/prediction.ts). */
  readonly tokens: {
    readonly source: number;
    readonly vectors: number;
    readonly prompt: number;
    readonly output: number;
    readonly truncated: number;
  };
  /** `compress`: what compressing all candidates took when it was done. */
  readonly ms: { readonly compress: number; readonly rank: number; readonly prefill: number; readonly decode: number };
}
