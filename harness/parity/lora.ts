import { z } from 'zod';
import { InputError } from '../errors.ts';
import { GraphCache } from '../engine/graph-cache.ts';
import { tf } from '../engine/tensorflow.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { languageModelLoss, targetedBatch } from '../language-model/language-model-loss.ts';
import { LINEAR_MODULES, type LinearModule } from '../language-model/linear-modules.ts';
import { createLoraAdapter, disposeLoraAdapter, inHuggingFaceOrder } from '../language-model/lora.ts';
import { adapterGradients } from '../training/adapter-gradients.ts';
import { AdamW } from '../training/adamw.ts';
import { Deviations, type Deviation } from './deviation.ts';

const numbers = z.array(z.number());

/** Layout of lora.json. The matrices' starting values follow its formula, A[i,j] = 0.01 sin(0.1 (i cols + j) + 1), B[i,j] = 0.01 cos(0.1 (i cols + j) + 2). */
export const loraGoldens = z.object({
  text: z.string(),
  ids: z.array(z.int()),
  r: z.int(),
  alpha: z.number(),
  loss_on_last: z.int(),
  loss_without_lora: z.number(),
  loss: z.number(),
  loss_float64: z.number(),
  gradients: z.array(
    z.object({
      name: z.string(),
      shape: z.tuple([z.int(), z.int()]),
      l2: z.number(),
      first8: numbers,
      last8: numbers,
      value_first4: numbers,
      float64: z.object({ l2: z.number(), first8: numbers }),
    }),
  ),
  adamw: z.object({
    lr: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    eps: z.number(),
    weight_decay: z.number(),
    losses: numbers,
  }),
});

const TOLERANCE = { loss: 1e-5, gradient: 1e-4, value: 1e-9 };

/** Compares a LoRA's loss, gradients and a few AdamW steps, with and without recomputation. */
export function loraParity(golden: z.infer<typeof loraGoldens>, model: LanguageModel): Deviation[] {
  const { config, weights, tokenizer } = model;
  const all = new Deviations();
  all.same('LoRA prompt token ids', tokenizer.encode(golden.text), golden.ids);
  const sequence = { ids: golden.ids, targets: golden.ids.map((_, i) => i >= golden.ids.length - golden.loss_on_last) };
  const names = golden.gradients.map(({ name }) => parseName(name));
  const adapter = createLoraAdapter(
    config,
    {
      rank: golden.r,
      alpha: golden.alpha,
      blocks: [...new Set(names.map(({ block }) => block))],
      modules: LINEAR_MODULES.filter((module) => names.some((name) => name.module === module)),
    },
    (name, [rows, columns]) => {
      const [wave, shift] = name.includes('lora_A') ? [Math.sin, 1] : [Math.cos, 2];
      return Float32Array.from({ length: rows * columns }, (_, i) => 0.01 * wave(0.1 * i + shift));
    },
  );
  const batch = targetedBatch([sequence]);
  // Without recomputation a recorded graph, with it kernel by kernel: both ways are compared.
  const graphs = new GraphCache();
  const variables = adapter.matrices.map(({ variable }) => variable);
  const optimiser = new AdamW(variables, {
    beta1: golden.adamw.beta1,
    beta2: golden.adamw.beta2,
    epsilon: golden.adamw.eps,
    weightDecay: golden.adamw.weight_decay,
  });
  try {
    const step = (checkpointed: boolean): ReturnType<typeof adapterGradients> =>
      adapterGradients(config, weights, adapter, batch, { checkpointed, graphs });
    const plain = tf.tidy(() => languageModelLoss(config, weights, batch).dataSync()[0]!);
    all.compare('LoRA: loss without it', plain, golden.loss_without_lora, TOLERANCE.loss);
    for (const checkpointed of [false, true]) {
      const way = checkpointed ? ', recomputed' : '';
      const { loss: value, gradients } = step(checkpointed);
      all.compare(`LoRA: loss${way}`, value.dataSync()[0]!, golden.loss, TOLERANCE.loss);
      all.compare(`LoRA: loss against float64${way}`, value.dataSync()[0]!, golden.loss_float64, TOLERANCE.loss);
      golden.gradients.forEach(({ name, shape, first8, last8, value_first4, float64, l2 }) => {
        const { block, module, kind } = parseName(name);
        const matrix = adapter.matrices.find((m) => m.name.includes(`.layers.${block}.`) && m.name.includes(`${module}.lora_${kind}`))!; // prettier-ignore
        all.same('LoRA: shapes', matrix.variable.shape, shape);
        const initial = inHuggingFaceOrder(matrix, matrix.variable);
        all.compare(
          'LoRA: starting values',
          initial.dataSync().slice(0, value_first4.length),
          value_first4,
          TOLERANCE.value,
        );
        const ordered = inHuggingFaceOrder(matrix, gradients[variables.indexOf(matrix.variable)]!);
        const gradient = ordered.dataSync() as Float32Array;
        tf.dispose([initial, ordered]);
        const norm = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0));
        all.compare(`LoRA: gradients, L2, relative${way}`, norm / l2, 1, TOLERANCE.gradient);
        all.compare(`LoRA: gradients, L2, relative to float64${way}`, norm / float64.l2, 1, TOLERANCE.gradient);
        // An entry's error is measured against the size of an average entry of its matrix.
        const size = l2 / Math.sqrt(gradient.length);
        const entries = (got: ArrayLike<number>, expected: readonly number[], what: string): void =>
          all.compare(`LoRA: gradients, entries, ${what}${way}`, Array.from(got, (x) => x / size), expected.map((x) => x / size), 1e-3); // prettier-ignore
        entries(gradient.slice(0, 8), first8, 'against float32');
        entries(gradient.slice(-8), last8, 'against float32');
        entries(gradient.slice(0, 8), float64.first8, 'against float64');
      });
      tf.dispose([value, ...gradients]);
    }
    golden.adamw.losses.forEach((expected, steps) => {
      const { loss: value, gradients } = step(false);
      all.compare('LoRA: losses of AdamW steps', value.dataSync()[0]!, expected, TOLERANCE.loss);
      if (steps < golden.adamw.losses.length - 1) {
        optimiser.step(gradients, golden.adamw.lr);
      }
      tf.dispose([value, ...gradients]);
    });
  } finally {
    graphs.dispose();
    tf.dispose([batch.ids, batch.predicting, batch.labels]);
    optimiser.dispose();
    disposeLoraAdapter(adapter);
  }
  return all.list();
}

function parseName(name: string): { block: number; module: LinearModule; kind: 'A' | 'B' } {
  const [, block, module, kind] = /^layers\.(\d+)\.\w+\.(\w+)\.([AB])$/.exec(name) ?? [];
  if (!LINEAR_MODULES.some((known) => known === module)) {
    throw new InputError(
      `lora.json: gradients: expected a name like layers.0.self_attn.q_proj.A, got ${JSON.stringify(name)}`,
    );
  }
  return { block: Number(block), module: module as LinearModule, kind: kind as 'A' | 'B' };
}
