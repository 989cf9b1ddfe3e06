/** A tensor of a checkpoint. */
interface Tensor {
  readonly name: string;
  readonly values: Float32Array;
}

const EMBEDDING = 'model.embed_tokens.weight';
const FINAL_NORM = 'model.norm.weight';
/** What adds to the residual stream. */
const WRITES = /(?:embed_tokens|o_proj|down_proj)\.weight$/;

/**
 * The same model (but for the epsilon of its norms) with hidden states after the final norm of the size of its embeddings: all that is added to the residual stream is multiplied by one factor, and the
 * final norm is divided by it. Compression gives a generator such states in place of embeddings; an order of magnitude apart, as pretraining leaves them (0.14 and 1.9), they would be drowned by what the
 * first block adds. The embedding must be the output head too.
 */
export function balanceResidualStream<T extends Tensor>(tensors: readonly T[]): T[] {
  const sizeOf = (wanted: string): number => rootMeanSquare(tensors.find(({ name }) => name === wanted)!.values);
  const factor = Math.sqrt(sizeOf(FINAL_NORM) / sizeOf(EMBEDDING));
  return tensors.map((tensor) => {
    if (WRITES.test(tensor.name)) return { ...tensor, values: tensor.values.map((value) => value * factor) };
    if (tensor.name === FINAL_NORM) return { ...tensor, values: tensor.values.map((value) => value / factor) };
    return tensor;
  });
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
