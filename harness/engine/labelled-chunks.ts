import { slice, sliceIntegers } from './kernels.ts';
import type { Tensor } from './tensorflow.ts';

/** Rows whose logits are held at once: 256 of SmolLM2's 49,152 are 50 MB, twice in the gradient. */
const CHUNK_ROWS = 256;

/** Some rows of a hidden state and the token ids that they are to predict. */
interface LabelledChunk {
  readonly from: number;
  readonly count: number;
  /** [count, size] */
  readonly part: Tensor;
  /** int32 [count] */
  readonly expected: Tensor;
}

/** Rows and their labels, some at a time, so that the logits of all never lie in memory at once. */
export function* labelledChunks(hidden: Tensor, labels: Tensor): Generator<LabelledChunk> {
  const [rows, size] = hidden.shape as [number, number];
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    yield {
      from,
      count,
      part: count === rows ? hidden : slice(hidden, [from, 0], [count, size]),
      expected: count === rows ? labels : sliceIntegers(labels, [from], [count]),
    };
  }
}
