import { z } from 'zod';
import { alignmentLoss } from '../../clara/alignment-loss.ts';
import { targetsBehind } from '../../clara/answered-prompt.ts';
import { retrievalLoss } from '../../clara/retrieval-loss.ts';
import { headCrossEntropy } from '../../engine/cross-entropy.ts';
import { differentiableGather } from '../../engine/differentiable-gather.ts';
import { tf } from '../../engine/tensorflow.ts';
import { Deviations, type Deviation } from '../deviation.ts';
import { differentiate, type Nested } from './differentiate.ts';
import { compareEntries, compareLoss } from './tolerances.ts';

const ids = z.array(z.int());
const matrix = z.array(z.array(z.number()));
const cube = z.array(matrix);

/** Layout of losses.json. */
export const lossesGoldens = z.object({
  mse_alignment: z.array(
    z.object({
      hidden: cube,
      input_ids: z.array(ids),
      attention_mask: matrix,
      mem_token_ids: ids,
      f64: z.object({ loss: z.number(), grad_hidden: cube }),
    }),
  ),
  cross_entropy: z.array(
    z.object({
      logits: cube,
      labels: z.array(ids),
      vocab: z.int(),
      f64: z.object({ loss: z.number(), grad_logits: cube }),
    }),
  ),
  retrieval_infonce: z.array(
    z.object({
      scores: matrix,
      pos_index: z.array(ids),
      temperature: z.number(),
      loss: z.number(),
      grad_scores: matrix,
    }),
  ),
  prompt_masking: z.array(
    z.object({ input_ids: ids, attention_mask: z.array(z.number()), prompt_length: z.int(), labels: ids }),
  ),
});
type Goldens = z.infer<typeof lossesGoldens>;

/** The label of a token that is no target. */
const NO_TARGET = -100;

/** Compares the alignment loss, the cross-entropy, the supervised retrieval loss, and which tokens are targets. */
export function lossesParity(golden: Goldens): Deviation[] {
  const all = new Deviations();
  for (const one of golden.mse_alignment) compareAlignment(all, one);
  for (const one of golden.cross_entropy) compareCrossEntropy(all, one);
  for (const one of golden.retrieval_infonce) compareRetrieval(all, one);
  for (const one of golden.prompt_masking) compareTargets(all, one);
  return all.list();
}

function compareAlignment(
  all: Deviations,
  { hidden, input_ids, attention_mask, mem_token_ids, f64 }: Goldens['mse_alignment'][number],
): void {
  const documents = hidden.length;
  const isMemory = input_ids.flat().map((id) => mem_token_ids.includes(id));
  const document = input_ids.flatMap((row, i) => row.map(() => i));
  const groups = document.map((i, at) => 2 * i + Number(isMemory[at]));
  const counts = new Array<number>(2 * documents).fill(0);
  const kept = attention_mask.flat();
  groups.forEach((group, at) => (counts[group]! += kept[at]!));
  const shares = groups.map((group, at) => kept[at]! / counts[group]!);
  const rows = { groups: tf.tensor1d(groups, 'int32'), shares: tf.tensor2d(shares, [shares.length, 1]), documents };
  const { value, gradients } = differentiate((h) => alignmentLoss(h, rows, 'mean'), [hidden.flat()]);
  tf.dispose([rows.groups, rows.shares]);
  compareLoss(all, 'alignment', value[0]!, f64.loss);
  compareEntries(all, 'alignment, gradient to hidden states', gradients[0]!, f64.grad_hidden.flat(2));
}

function compareCrossEntropy(all: Deviations, { logits, labels, vocab, f64 }: Goldens['cross_entropy'][number]): void {
  const length = labels[0]!.length;
  // Logits are hidden states under a head that changes nothing; each predicts the label behind it.
  const targets = labels.flatMap((row, i) => row.flatMap((label, at) => (at > 0 && label !== NO_TARGET ? [{ row: i * length + at - 1, label }] : []))); // prettier-ignore
  const rows = tf.tensor1d(targets.map(({ row }) => row), 'int32'); // prettier-ignore
  const ids = tf.tensor1d(targets.map(({ label }) => label), 'int32'); // prettier-ignore
  const identity = tf.eye(vocab);
  const flat: Nested = logits.flat();
  const { value, gradients } = differentiate(
    (x) => tf.tidy(() => headCrossEntropy(differentiableGather(x, rows), identity, ids)),
    [flat],
  );
  // The same with the last tokens of the vocabulary as added rows of the head.
  const known = Math.max(1, vocab - 3);
  const [base, added] = tf.tidy(() => [identity.slice([0, 0], [known, vocab]), identity.slice([known, 0], [vocab - known, vocab])]); // prettier-ignore
  const split = differentiate(
    (x) => tf.tidy(() => headCrossEntropy(differentiableGather(x, rows), base, ids, { extra: added })),
    [flat],
  );
  tf.dispose([rows, ids, identity, base, added]);
  for (const [way, result] of [
    ['', { value, gradients }],
    [', head with added rows', split],
  ] as const) {
    compareLoss(all, `cross-entropy${way}`, result.value[0]!, f64.loss);
    compareEntries(all, `cross-entropy, gradient to logits${way}`, result.gradients[0]!, f64.grad_logits.flat(2)); // prettier-ignore
  }
}

function compareRetrieval(
  all: Deviations,
  { scores, pos_index, temperature, loss, grad_scores }: Goldens['retrieval_infonce'][number],
): void {
  const gold = tf.tensor2d(scores.map((row, i) => row.map((_, n) => Number(pos_index[i]!.includes(n))))); // prettier-ignore
  const present = tf.onesLike(gold);
  const { value, gradients } = differentiate((s) => retrievalLoss(s, gold, present, temperature), [scores]);
  tf.dispose([gold, present]);
  compareLoss(all, 'supervised retrieval', value[0]!, loss);
  compareEntries(all, 'supervised retrieval, gradient to scores', gradients[0]!, grad_scores.flat());
}

/** Which ids are targets. The reference's padding is no id here: a row of nothing else has none, where the reference would score the padding. */
function compareTargets(
  all: Deviations,
  { input_ids, attention_mask, prompt_length, labels }: Goldens['prompt_masking'][number],
): void {
  const kept = (row: readonly number[]): number[] => row.filter((_, at) => attention_mask[at] !== 0);
  const { ids, targets } = targetsBehind(kept(input_ids), prompt_length);
  all.same('targets behind a prompt (rows that differ)', ids.map((id, at) => (targets[at] ? id : NO_TARGET)), kept(labels)); // prettier-ignore
}
