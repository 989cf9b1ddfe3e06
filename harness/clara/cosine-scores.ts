import { differentiable } from '../engine/differentiable.ts';
import { batchMatMul, divide, euclideanNorm, maximum, multiply, reshape, subtract, sum } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';

/** Vectors shorter than this are divided by it instead of by their length, as torch's normalize does. */
const SHORTEST = 1e-12;

/**
 * Cosine of each question's vector with each of its candidates', s = q d / (|q| |d|) (clara.md 7.2; section 3.2 of the paper).
 *
 * With q' = q / |q|, d' = d / |d|: dq = (sum_j ds_j d'_j - (sum_j ds_j s_j) q') / |q|, and dd_j = ds_j (q' - s_j d'_j) / |d_j|.
 *
 * @param queries [questions, width]: a question's memory vectors end to end
 * @param documents [questions, candidates, width]
 * @returns [questions, candidates]
 */
export function cosineScores(queries: Tensor, documents: Tensor): Tensor {
  const [questions, candidates, width] = documents.shape as [number, number, number];
  return differentiable(
    [queries, documents],
    () => {
      const length = (x: Tensor): Tensor => maximum(euclideanNorm(x, [2]), tf.scalar(SHORTEST));
      const q = reshape(queries, [questions, 1, width]);
      const [qLength, dLength] = [length(q), length(documents)];
      const [qUnit, dUnit] = [divide(q, qLength), divide(documents, dLength)];
      const scores = batchMatMul(dUnit, qUnit, false, true); // [questions, candidates, 1]
      return { value: reshape(scores, [questions, candidates]), save: [qUnit, dUnit, qLength, dLength, scores] };
    },
    (dy, [qUnit, dUnit, qLength, dLength, scores], needed) => {
      const ds = reshape(dy, [questions, candidates, 1]);
      const weighted = multiply(ds, scores!);
      return [
        needed[0]
          ? reshape(divide(subtract(batchMatMul(ds, dUnit!, true), multiply(sum(weighted, [1]), qUnit!)), qLength!), [
              questions,
              width,
            ])
          : null,
        needed[1] ? divide(subtract(multiply(ds, qUnit!), multiply(weighted, dUnit!)), dLength!) : null,
      ];
    },
  );
}
