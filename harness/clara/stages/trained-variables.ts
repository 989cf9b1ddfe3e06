import type { NamedVariable } from '../../training/trainable.ts';
import { compressionVariables, type OwnedCompressionModel } from '../create-compression-model.ts';

/** What a stage trains beside the compressor's adapter. */
export interface TrainedParts {
  /** The generator's adapter. */
  readonly decoder: boolean;
  /** Embeddings of the memory tokens. */
  readonly memory: boolean;
  /** Embeddings of the other special tokens. */
  readonly special?: boolean;
}

/** The variables of a compression model without a query reasoner: those that a stage trains, and those that it leaves as they are. */
export function trainedVariables(
  model: OwnedCompressionModel,
  parts: TrainedParts,
): { readonly trained: NamedVariable[]; readonly frozen: NamedVariable[] } {
  const { encoder, decoder, memory, tables } = compressionVariables(model);
  const [special, ...heads] = tables;
  const list = [
    [encoder, true],
    [decoder, parts.decoder],
    [[memory], parts.memory],
    [[special!], parts.special ?? false],
    [heads, false],
  ] as const;
  const those = (wanted: boolean): NamedVariable[] =>
    list.flatMap(([some, trained]) => (trained === wanted ? some : []));
  return { trained: those(true), frozen: those(false) };
}
