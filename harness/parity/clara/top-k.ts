import { z } from 'zod';
import { differentiableTopK } from '../../clara/differentiable-top-k.ts';
import { differentiableBatchProduct } from '../../engine/differentiable-batch-product.ts';
import { tf } from '../../engine/tensorflow.ts';
import { Deviations, type Deviation } from '../deviation.ts';
import { differentiate, takeNumbers, toTensor } from './differentiate.ts';
import { compareEntries, compareLoss } from './tolerances.ts';

const row = z.array(z.number());
const matrix = z.array(row);
const cube = z.array(matrix);

const caseSchema = z
  .object({
    name: z.string(),
    scores: matrix,
    k: z.int(),
    temperature: z.number(),
    loss_weights: cube,
    docs: cube.optional(),
    selected_loss_weights: cube.optional(),
    f64: z.object({
      W: cube,
      indices: z.array(z.array(z.int())),
      loss: z.number(),
      grad_scores: matrix,
      selected: cube.optional(),
      selected_grad_scores: matrix.optional(),
      selected_grad_docs: cube.optional(),
    }),
  })
  .refine(({ docs, selected_loss_weights, f64 }) => !docs || (selected_loss_weights && f64.selected && f64.selected_grad_scores && f64.selected_grad_docs), 'expected selected_loss_weights and the values and gradients of the selection beside docs'); // prettier-ignore
type Case = z.infer<typeof caseSchema>;

/** Layout of topk.json. */
export const topKGoldens = z.object({ cases: z.array(caseSchema).min(1) });

/** The temperature is at least this, as in the reference. */
const LEAST_TEMPERATURE = 1e-6;
/** The distance of two neighbouring float32 numbers at 1: what a soft weight near 1 is rounded by. */
const ROUNDING = 2 ** -23;

/** Compares the differentiable top-k: choice, weights, loss, and gradients to scores and documents. */
export function topKParity(golden: z.infer<typeof topKGoldens>): Deviation[] {
  const all = new Deviations();
  for (const one of golden.cases) compareCase(all, withTiesInOrder(one));
  return all.list();
}

function compareCase(all: Deviations, { scores, k, temperature, loss_weights, f64, docs, ...rest }: Case): void {
  const options = { k, temperature };
  all.same('indices (cases that differ)', chosen(scores, k, temperature), f64.indices);
  const weights = differentiate((s) => tf.tidy(() => selectionWeights(s, options)), [scores], loss_weights);
  all.compare('weights', weights.value, f64.W.flat(2), 1e-6);
  const loss = weights.value.reduce((sum, w, i) => sum + w * loss_weights.flat(2)[i]!, 0);
  compareLoss(all, 'loss', loss, f64.loss);
  // Where a soft weight is near 1, its rounding is divided by the temperature, in the reference's own float32 too.
  const rounding = (largest: number): number => (ROUNDING * largest) / Math.max(temperature, LEAST_TEMPERATURE);
  compareEntries(all, 'gradient to scores', weights.gradients[0]!, f64.grad_scores.flat(), {
    rounding: rounding(greatest(loss_weights.flat(2))),
  });
  if (!docs) return;
  const selectedWeights = rest.selected_loss_weights!;
  const selected = differentiate(
    (s, d) => tf.tidy(() => differentiableBatchProduct(selectionWeights(s, options), d)),
    [scores, docs],
    selectedWeights,
  );
  all.compare('selected vectors', selected.value, f64.selected!.flat(2), 1e-5);
  compareEntries(
    all,
    'gradient of selected vectors to scores',
    selected.gradients[0]!,
    f64.selected_grad_scores!.flat(),
    { rounding: rounding(greatest(selectedWeights.flat(2)) * greatest(docs.flat(2)) * docs[0]![0]!.length) },
  );
  compareEntries(all, 'gradient of selected vectors to documents', selected.gradients[1]!, f64.selected_grad_docs!.flat(2)); // prettier-ignore
}

function selectionWeights(scores: ReturnType<typeof toTensor>, options: { k: number; temperature: number }) {
  const { weights, indices } = differentiableTopK(scores, options);
  indices.dispose();
  return weights;
}

function chosen(scores: number[][], k: number, temperature: number): number[][] {
  const input = toTensor(scores);
  const { weights, indices } = differentiableTopK(input, { k, temperature });
  tf.dispose([input, weights]);
  const flat = takeNumbers(indices);
  return scores.map((_, i) => flat.slice(i * k, (i + 1) * k));
}

/**
 * The case with the candidates of each question reordered so that the golden choice comes first, where that choice differs from ours among exactly equal scores
 * only: which of them comes first is not defined, and here it is the one of the lowest index.
 */
function withTiesInOrder(one: Case): Case {
  const { scores, k, temperature, docs, loss_weights, f64 } = one;
  const ours = chosen(scores, k, temperature);
  const onlyTies = ours.every((indices, i) =>
    indices.every((n, j) => scores[i]![n] === scores[i]![f64.indices[i]![j]!]),
  );
  if (!onlyTies || JSON.stringify(ours) === JSON.stringify(f64.indices)) return one;
  const order = scores.map((row, i) => [...new Set([...f64.indices[i]!, ...row.keys()])]);
  const byQuestion = (rows: number[][]): number[][] => rows.map((row, i) => order[i]!.map((n) => row[n]!));
  const byRank = (ranks: number[][][]): number[][][] => ranks.map((rows, i) => rows.map((row) => order[i]!.map((n) => row[n]!))); // prettier-ignore
  const byDocument = (all: number[][][]): number[][][] => all.map((rows, i) => order[i]!.map((n) => rows[n]!));
  return {
    ...one,
    scores: byQuestion(scores),
    loss_weights: byRank(loss_weights),
    docs: docs && byDocument(docs),
    f64: {
      ...f64,
      W: byRank(f64.W),
      indices: f64.indices.map((indices, i) => indices.map((n) => order[i]!.indexOf(n))),
      grad_scores: byQuestion(f64.grad_scores),
      selected_grad_scores: f64.selected_grad_scores && byQuestion(f64.selected_grad_scores),
      selected_grad_docs: f64.selected_grad_docs && byDocument(f64.selected_grad_docs),
    },
  };
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
