import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../../harness/system.ts';
import type { Trainer, TrainingStage } from '../../../harness/training/training-stage.ts';

/**
 * A user's own trained system: two stages, which count the letters of the training questions, a question a step, and keep how far they are; each question is answered with the last count.
 * The stages depend on `steps`, `ms` and `fail` (a file: while it is there, the second stage throws at step 2), not on `mark`.
 */
const counting = (id: string): Trainer => ({
  id,
  async train({ steps, ms, fail }, { examples, folder, from, onProgress }) {
    const state = path.join(folder, 'state.json');
    appendFileSync(path.join(folder, 'starts.txt'), 'start\n');
    const before = from ? Number(readFileSync(path.join(from, 'weights.safetensors'), 'utf8')) : 0;
    let { step, count } = existsSync(state)
      ? (JSON.parse(readFileSync(state, 'utf8')) as { step: number; count: number })
      : { step: 0, count: before };
    while (step < Number(steps)) {
      await sleep(Number(ms));
      if (from && step === 1 && existsSync(String(fail))) throw new Error('the loss is not a number');
      count += examples[step % examples.length]!.question.length;
      step++;
      writeFileSync(state, JSON.stringify({ step, count }));
      appendFileSync(path.join(folder, 'curve.jsonl'), `{"step":${step},"terms":{"loss":${1 / step}}}\n`);
      onProgress({
        step,
        steps: Number(steps),
        terms: { loss: 1 / step, alignment: 0.5 },
        learningRate: 1e-4,
        tokensPerSecond: 100,
        secondsLeft: 1,
        peakMemoryBytes: 1e9,
      });
    }
    writeFileSync(path.join(folder, 'weights.safetensors'), String(count));
  },
  rows: ({ steps }, examples, count) => Number(steps) * count(examples[0]!.question),
});

const first = counting('tiny/first');
const second = counting('tiny/second');

const tinyTrained: System = {
  id: 'tiny-trained',
  description: 'the count of the letters it was trained on',
  settings: (given) => ({ steps: 3, ms: 1, fail: '', mark: '', ...given }),
  training({ steps, ms, fail }): TrainingStage {
    const settings = { steps, ms, fail };
    return { trainer: second, settings, from: { trainer: first, settings, from: null } };
  },
  prepare(examples, { trained, cache }) {
    appendFileSync(`${cache}.txt`, `${examples.length} questions, ${path.basename(trained!)}\n`);
    return Promise.resolve();
  },
  async *predict(examples, { trained, settings }) {
    const count = readFileSync(path.join(trained!, 'weights.safetensors'), 'utf8');
    for (const { id } of examples) {
      await sleep(1);
      yield { id, prediction: `${count}${String(settings.mark)}` };
    }
  },
};

export default tinyTrained;
