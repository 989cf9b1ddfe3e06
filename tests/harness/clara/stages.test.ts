import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { answeredPrompt } from '../../../harness/clara/answered-prompt.ts';
import { createCompressionModel, compressionVariables } from '../../../harness/clara/create-compression-model.ts';
import { TextCompressor } from '../../../harness/clara/document-compressor.ts';
import { instructionPrompt } from '../../../harness/clara/instruction-prompt.ts';
import { compressionDocument } from '../../../harness/clara/stages/compression-document.ts';
import { compressionTrainable } from '../../../harness/clara/stages/compression-trainable.ts';
import { tf } from '../../../harness/engine/tensorflow.ts';
import { LINEAR_MODULES } from '../../../harness/language-model/linear-modules.ts';
import type { LanguageModel } from '../../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { normalNumbers } from '../../../harness/training/normal-numbers.ts';
import { withoutLeaks } from '../training/without-leaks.ts';
import { writeTinySuite } from './tiny-suite.ts';
import { trainTinySystem } from './train-tiny-system.ts';

let folder: string;
let base: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stages-'));
  await writeTinySuite(folder, []);
  base = await loadLanguageModel(path.join(folder, 'model'));
});
after(async () => {
  base.dispose();
  await rm(folder, { recursive: true });
});

/** All terms of all steps of all stages of a system. */
async function termsOf(id: string, settings: Record<string, unknown>): Promise<number[]> {
  const stages = await trainTinySystem({ base, folder }, id, settings);
  return stages.flatMap(({ terms }) => terms.flatMap((each) => Object.values(each)));
}

const common = { ratio: 4, documentMaxLength: 32, rank: 2, dropout: 0.2 };
const stage = (checkpointed: boolean, steps = 2) => ({ steps, batch: 2, microBatch: 2, learningRate: 0.01, checkpointed, recorded: !checkpointed }); // prettier-ignore

const CHAINS: Record<string, (checkpointed: boolean) => Record<string, unknown>> = {
  clara: (checkpointed) => ({
    pretraining: stage(checkpointed),
    instruction: { ...stage(checkpointed), docs: 'all' },
    endToEnd: { ...stage(checkpointed), docs: 'all', k: 2 },
  }),
  'query-reasoner': (checkpointed) => ({
    pretraining: stage(true, 1),
    endToEnd: { ...stage(checkpointed), objective: 'gold', k: 1 },
  }),
  'mean-pool': (checkpointed) => ({ instruction: { ...stage(checkpointed), docs: 'all' } }),
};

for (const [id, settings] of Object.entries(CHAINS)) {
  test(`${id}: recorded as graphs or computed again block by block, the losses are the same; no tensor is left`, async () => {
    let computed: number[] = [];
    await withoutLeaks(async () => {
      computed = await termsOf(id, { ...common, ...settings(true) });
    });
    const recorded = await termsOf(id, { ...common, ...settings(false) });
    assert.equal(recorded.length, computed.length);
    recorded.forEach((value, i) => assert.ok(Math.abs(value - computed[i]!) < 1e-5, `${i}: ${value} and ${computed[i]}`)); // prettier-ignore
  });
}

for (const compressor of ['memory-tokens', 'mean-pool'] as const) {
  const settings = { compressor, ratio: 4, documentMaxLength: 64, memory: 'proportional', rank: 2, alpha: 4, modules: [...LINEAR_MODULES] } as const; // prettier-ignore

  test(`${compressor}: a recorded step holds for other numbers of vectors of as many rows; nothing is left of its tensors`, async () => {
    await withoutLeaks(() => {
      const model = createCompressionModel(base, settings, 3);
      const { encoder, decoder } = compressionVariables(model);
      const steps = [false, true].map((checkpointed) =>
        compressionTrainable(model, [...encoder, ...decoder], { weight: 0, form: 'mean' }, { checkpointed, recorded: !checkpointed, dropout: 0 }),
      ); // prettier-ignore
      const counts = ['A box of one colour', 'A box of many bright colours'].map((text) => {
        const document = compressionDocument(text, model, settings);
        const prompt = answeredPrompt(model, instructionPrompt('Which?', [document.count]), 'red');
        const [recorded, computed] = steps.map((step) => {
          const { terms, gradients } = step.gradients([{ documents: [document], prompt }], 1);
          const values = [terms.loss, ...gradients].flatMap((tensor) => [...tensor.dataSync()]);
          tf.dispose([...Object.values(terms), ...gradients]);
          return values;
        });
        recorded!.forEach((value, i) => assert.ok(Math.abs(value - computed![i]!) < 1e-5, `${i}: ${value} and ${computed![i]}`)); // prettier-ignore
        return document.count;
      });
      assert.notEqual(counts[0], counts[1]);
      for (const step of steps) step.dispose();
      model.dispose();
    });
  });

  test(`${compressor}: a text's vectors are the same bits whichever texts are with it`, async () => {
    await withoutLeaks(() => {
      const model = createCompressionModel(base, settings, 3);
      const random = normalNumbers(4);
      for (const { variable } of compressionVariables(model).encoder) {
        tf.tidy(() => variable.assign(tf.tensor(Float32Array.from({ length: variable.size }, () => random() / 8), variable.shape))); // prettier-ignore
      }
      // Of two shapes, ten of each: one full batch and one that is filled up.
      const texts = Array.from({ length: 20 }, (_, at) => `${at} ${'boxes of many colours '.repeat(2).slice(0, 13 + 20 * (at % 2))}`); // prettier-ignore
      const documents = texts.map((text) => compressionDocument(text, model, settings));
      const compressor = new TextCompressor(model, model.encoder);
      const together = new Map([...compressor.compress(documents)].map(({ at, vectors }) => [at, vectors]));
      assert.equal(together.size, documents.length);
      documents.forEach((document, at) => {
        const [alone] = [...compressor.compress([document])];
        assert.equal(alone!.vectors.length, document.count * model.config.hiddenSize);
        assert.deepEqual(alone!.vectors, together.get(at));
      });
      const reversed = [...compressor.compress([...documents].reverse())];
      for (const { at, vectors } of reversed) assert.deepEqual(vectors, together.get(documents.length - 1 - at));
      compressor.dispose();
      model.dispose();
    });
  });
}
