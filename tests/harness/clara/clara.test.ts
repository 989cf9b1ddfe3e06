import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { trainManifestSchema } from '../../../harness/store/train-manifest.ts';
import { readRuns, start, temporaryFolder } from '../suite/run.ts';
import { readPredictions, writeTinySuite } from './tiny-suite.ts';

const COMMON = 'ratio: 4, documentMaxLength: 32, rank: 2';
const PRETRAINING = 'pretraining: { steps: 2, batch: 2, checkpointed: true }';
const STEPS = 8;
const SYSTEMS = [
  `{ id: clara, settings: { ${COMMON}, ${PRETRAINING}, instruction: { steps: ${STEPS}, batch: 2, saveEvery: 2, docs: all, checkpointed: true, learningRate: 0.01 }, endToEnd: { steps: 2, batch: 2, docs: all, k: 2 }, k: 2 } }`,
  `{ id: query-reasoner, settings: { ${COMMON}, ${PRETRAINING}, endToEnd: { steps: 2, batch: 2, docs: all, k: 1, objective: gold, checkpointed: true } } }`,
  `{ id: clara, settings: { ${COMMON}, memory: proportional, ${PRETRAINING}, instruction: { steps: 1, batch: 2, docs: all, checkpointed: true } } }`,
];

/** The stages of a folder of runs by their trainers and keys, with their weights. */
function trainings(runs: string) {
  return readdirSync(runs)
    .filter((name) => name.startsWith('train-'))
    .sort()
    .map((name) => {
      const read = (file: string): Buffer => readFileSync(path.join(runs, name, file));
      const manifest = trainManifestSchema.parse(JSON.parse(read('manifest.json').toString()));
      return { name, manifest, weights: read('weights.safetensors') };
    });
}

test('clara through its stages by the suite: rankings, tokens, shared stages and vectors; killed in a stage, it goes on to the same bytes', async (context) => {
  const folder = temporaryFolder(context);
  const suite = await writeTinySuite(folder, SYSTEMS);
  const runs = path.join(folder, 'runs');
  const whole = await start(folder, 'run', suite).ended;
  assert.equal(whole.code, 0, whole.stderr + whole.stdout);
  const stages = trainings(runs);
  const ids = stages.map(({ manifest }) => manifest.trainer.id).sort();
  // One pretraining serves the system and the ranker.
  assert.deepEqual(ids, ['clara/end-to-end', 'clara/end-to-end', 'clara/instruction', 'clara/instruction', 'clara/pretraining', 'clara/pretraining']); // prettier-ignore
  const predictions = readRuns(runs);
  assert.equal(predictions.length, 3);
  for (const run of predictions) {
    const { system, settings, counts } = run.manifest;
    assert.deepEqual(counts, { questions: 4, predictions: 4, failures: 0 });
    for (const { prediction, ranking, selected, tokens } of readPredictions(run.predictions)) {
      if (settings.memory === 'proportional') {
        assert.deepEqual([ranking, selected], [undefined, [0, 1, 2]]);
        // 25 and 27 tokens of the short ones are 7 vectors each.
        assert.equal(tokens!.vectors, 22);
        continue;
      }
      assert.deepEqual([...ranking!].sort(), [0, 1, 2]);
      if (system.id === 'query-reasoner') {
        assert.deepEqual([prediction, tokens], ['', undefined]);
      } else {
        assert.deepEqual(selected, ranking!.slice(0, 2));
        assert.equal(tokens!.vectors, 16);
        assert.ok(tokens!.source! > 16 && tokens!.prompt! > 16 && tokens!.output! > 0);
      }
    }
  }
  // Vectors of three compressors' documents: six questions' and four questions' gold passages, and two that all share; the ranker's are those of pretraining, which the first system's instruction tuning has changed.
  const cache = path.join(runs, 'cache');
  const counts = readdirSync(cache).map((compressor) =>
    readdirSync(path.join(cache, compressor))
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(path.join(cache, compressor, name), 'utf8').split('"hash"').length - 1),
  );
  assert.deepEqual(counts.map((all) => all.reduce((sum, one) => sum + one, 0)).sort(), [12, 12, 6]);

  const other = path.join(folder, 'killed');
  const first = await writeTinySuite(folder, SYSTEMS.slice(0, 1));
  const { child, ended } = start(folder, 'run', first, '--runs', other);
  const instruction = stages.find(({ manifest }) => manifest.settings.steps === STEPS)!;
  const curve = path.join(other, instruction.name, 'curve.jsonl');
  const steps = (): number => (existsSync(curve) ? readFileSync(curve, 'utf8').split('\n').length - 1 : 0);
  while (steps() < 3 && child.exitCode === null) await sleep(5);
  child.kill('SIGKILL');
  await ended;
  assert.ok(steps() < STEPS, `killed at step ${steps()} of ${STEPS}`);
  const resumed = await start(folder, 'run', first, '--runs', other).ended;
  assert.equal(resumed.code, 0, resumed.stderr);
  const again = trainings(other);
  assert.equal(again.length, 3);
  for (const { name, manifest, weights } of again) {
    assert.ok(weights.equals(stages.find((stage) => stage.name === name)!.weights), `${manifest.trainer.id}: other weights`); // prettier-ignore
    assert.equal(manifest.sessions, name === instruction.name ? 2 : 1);
  }
  const [answered, ...more] = readRuns(other);
  assert.equal(more.length, 0);
  const same = predictions.find(({ manifest: { system, settings } }) => system.id === 'clara' && settings.memory === 'fixed'); // prettier-ignore
  assert.equal(answered!.predictions, same!.predictions);
});
