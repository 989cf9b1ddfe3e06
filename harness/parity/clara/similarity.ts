import { z } from 'zod';
import { cosineScores } from '../../clara/cosine-scores.ts';
import { differentiableReshape } from '../../engine/differentiable-reshape.ts';
import { batchMatMul, reshape } from '../../engine/kernels.ts';
import { tf } from '../../engine/tensorflow.ts';
import { Deviations, type Deviation } from '../deviation.ts';
import { differentiate, takeNumbers, toTensor } from './differentiate.ts';
import { compareEntries, compareLoss, TOLERANCE } from './tolerances.ts';

const matrix = z.array(z.array(z.number()));
const cube = z.array(matrix);

/** Layout of similarity.json. */
export const similarityGoldens = z.object({
  cases: z
    .array(
      z.object({
        query_memory: cube,
        doc_memory: cube,
        n_questions: z.int(),
        docs_per_question: z.int(),
        n_mem: z.int(),
        hidden: z.int(),
        loss_weights: matrix,
        f64: z.object({
          scores: matrix,
          grad_query: cube,
          grad_docs: cube,
          order: z.array(z.array(z.int())),
          mips_scores: matrix,
        }),
      }),
    )
    .min(1),
});

/** Compares the cosine of flattened memory vectors, its gradients and the order that it gives. */
export function similarityParity({ cases }: z.infer<typeof similarityGoldens>): Deviation[] {
  const all = new Deviations();
  for (const {
    query_memory,
    doc_memory,
    n_questions: questions,
    docs_per_question: candidates,
    n_mem,
    hidden,
    loss_weights,
    f64,
  } of cases) {
    const width = n_mem * hidden;
    const { value, gradients } = differentiate(
      (q, d) =>
        tf.tidy(() =>
          cosineScores(
            differentiableReshape(q, [questions, width]),
            differentiableReshape(d, [questions, candidates, width]),
          ),
        ),
      [query_memory, doc_memory],
      loss_weights,
    );
    all.compare('cosine scores', value, f64.scores.flat(), TOLERANCE.score);
    f64.order.forEach((order, i) => {
      const scores = value.slice(i * candidates, (i + 1) * candidates);
      const ours = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
      const tied = ours.every((n, j) => Math.abs(scores[n]! - scores[order[j]!]!) <= TOLERANCE.score);
      all.same('order, but for ties (questions that differ)', tied ? order : ours, order);
    });
    // The gradient to a vector of zeros is 1e12 times the others: each vector is measured by its own norm.
    const each = (name: string, got: readonly number[], expected: readonly (readonly number[][])[]): void =>
      expected.forEach((vector, i) => compareEntries(all, name, got.slice(i * width, (i + 1) * width), vector.flat()));
    each('gradient to query vectors', gradients[0]!, f64.grad_query);
    each('gradient to document vectors', gradients[1]!, f64.grad_docs);
    const products = tf.tidy(() =>
      batchMatMul(
        reshape(toTensor(doc_memory), [questions, candidates, width]),
        reshape(toTensor(query_memory), [questions, width, 1]),
      ),
    );
    takeNumbers(products).forEach((product, i) => compareLoss(all, 'dot products', product, f64.mips_scores.flat()[i]!)); // prettier-ignore
  }
  return all.list();
}
