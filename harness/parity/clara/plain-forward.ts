import { embedRows, inputRows, inputTensors } from '../../clara/input-rows.ts';
import { concat, matMul } from '../../engine/kernels.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import { InputError } from '../../errors.ts';
import { decode, finalNorm } from '../../language-model/decoder.ts';
import { packSequences } from '../../language-model/packing.ts';
import type { Deviations } from '../deviation.ts';
import type { EndToEndGoldens } from './end-to-end-schema.ts';
import { ADAPTER_NAMES } from '../../clara/adapter-names.ts';
import type { GoldenModel } from './golden-model.ts';
import { euclideanLength, TOLERANCE } from './tolerances.ts';

/** Compares logits and hidden states of a plain pass over some ids, without an adapter and under each. */
export function comparePlainForward(
  all: Deviations,
  golden: EndToEndGoldens['plain_forward_f64'],
  model: GoldenModel,
): void {
  const rows = inputRows(golden.input_ids, model.special, packSequences);
  try {
    for (const [name, expected] of Object.entries(golden.by_active_adapter)) {
      const norms: number[] = [];
      const [logits, hidden] = tf.tidy(() => {
        const last = decode(model.config, model.weights, embedRows(model, rows), rows.layout.shape, {
          adapter: adapterNamed(model, name)?.blocks,
          onBlockInput: (_, x) => norms.push(euclideanLength([...x.dataSync()])),
        });
        const normed = finalNorm(model.config, model.weights, last);
        return [allLogits(model, normed), normed];
      });
      const [values, states] = [[...logits.dataSync()], [...hidden.dataSync()]];
      const [vocabulary, size] = [logits.shape[1]!, hidden.shape[1]!];
      tf.dispose([logits, hidden]);
      norms.push(euclideanLength(states));
      const compare = (
        what: string,
        got: readonly number[],
        against: readonly number[],
        tolerance = TOLERANCE.vector,
      ): void => all.compare(`plain pass, ${name}: ${what}`, got, against, tolerance);
      compare('logits of the first row', values.slice(0, 16), expected.logits_first_row_first16);
      compare('logits of the last row', values.slice(-vocabulary).slice(0, 16), expected.logits_last_row_first16);
      compare('logits, norm, relative', [euclideanLength(values) / expected.logits_norm], [1], 1e-5);
      const expectedNorms = expected.hidden_norms_embedding_then_layers_last_is_after_final_norm;
      compare('hidden states, norms, relative', norms.map((norm, i) => norm / expectedNorms[i]!), expectedNorms.map(() => 1), 1e-5); // prettier-ignore
      compare('hidden state of the last row', states.slice(-size), expected.last_hidden_last_row);
    }
  } finally {
    tf.dispose(inputTensors(rows));
  }
}

/** Logits of normed hidden states over the whole vocabulary, the special tokens included. */
export function allLogits({ weights, headRows, memory, others }: GoldenModel, normed: Tensor): Tensor {
  const added = concat(headRows ?? [memory, others], 0);
  return concat([matMul(normed, weights.head, false, true), matMul(normed, added, false, true)], 1);
}

function adapterNamed(model: GoldenModel, name: string): GoldenModel['encoder'] | null {
  if (name === 'no_adapter') return null;
  for (const [part, known] of Object.entries(ADAPTER_NAMES))
    if (known === name) return model[part as keyof typeof ADAPTER_NAMES];
  throw new InputError(`plain_forward_f64: expected no_adapter, ${Object.values(ADAPTER_NAMES).join(', ')}, got ${JSON.stringify(name)}`); // prettier-ignore
}
