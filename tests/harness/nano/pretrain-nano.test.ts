import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { pretrainNano } from '../../../harness/nano/pretrain-nano.ts';
import { rateShare, readRecipe, scaledRecipe } from '../../../harness/nano/recipe.ts';
import { questionMessages } from '../../../harness/prompt.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');
const RECIPE = `
model: { hidden: 16, layers: 1, heads: 1, headSize: 16, feedForward: 24, theta: 10000 }
initialisation: { mimetic: 0.7 }
validation: { every: 4, contexts: 3 }
saveEvery: 2
phases:
  - { steps: 3, batch: 3, documents: [1, 1], questions: 2, warmup: 2, decay: 0 }
  - { steps: 5, batch: 3, documents: [1, 1], questions: 2, warmup: 0, paraphrase: 0.4, closed: 0.2 }
`;

let folder: string;
let recipe: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pretrain-nano-'));
  recipe = path.join(folder, 'recipe.yaml');
  await writeFile(recipe, RECIPE);
});
after(() => rm(folder, { recursive: true }));

const pretrain = (...more: string[]) => spawn(process.execPath, [PROGRAM, 'pretrain', 'nano', ...more]);

test('killed and started again, a pretraining writes the same model to the last byte; it is loaded, and answers', async () => {
  const whole = path.join(folder, 'whole');
  const steps: number[] = [];
  const scores = await pretrainNano({ recipe: await readRecipe(recipe), folder: whole, onProgress: ({ step }) => steps.push(step) }); // prettier-ignore
  assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7, 8]);

  const killed = path.join(folder, 'killed');
  const options = ['--recipe', recipe, '--out', killed];
  const child = pretrain(...options);
  child.stdout.resume();
  child.stderr.resume();
  const exit = once(child, 'exit');
  while (child.exitCode === null && !existsSync(path.join(killed, 'training/checkpoint.json'))) await sleep(5);
  child.kill('SIGKILL');
  await exit;
  assert.ok(!existsSync(path.join(killed, 'manifest.json')), 'it was killed before its end');
  const again = pretrain(...options);
  const [output, errors] = await Promise.all([text(again.stdout), text(again.stderr), once(again, 'exit')]);
  assert.equal(again.exitCode, 0, errors);
  assert.match(output, new RegExp(`em4same\t${scores.em4same!.toFixed(3)}\n`));
  for (const name of ['model.safetensors', 'pretraining.json', 'manifest.json', 'config.json', 'tokenizer.json']) {
    assert.deepEqual(readFileSync(path.join(killed, name)), readFileSync(path.join(whole, name)), name);
  }

  const parameters = 16 * 16 * 4 + 16 * 24 * 3 + 3 * 16;
  const model = await loadLanguageModel(whole);
  const { size } = statSync(path.join(whole, 'model.safetensors'));
  assert.ok(size - 2 * (parameters + 16 * model.config.vocabularySize) < 2000, 'half floats');
  const prompt = model.tokenizer.encode(model.renderChat(questionMessages('Where does Mira Tolm live?', []), { addGenerationPrompt: true })); // prettier-ignore
  const [answer] = await model.generate([prompt], { maxNewTokens: 2 });
  assert.equal(typeof answer!.text, 'string');
  model.dispose();
});

test('a training of another recipe is not continued', async () => {
  const other = path.join(folder, 'whole');
  const child = pretrain('--recipe', recipe, '--out', other, '--seed', '7');
  const [, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  assert.equal(child.exitCode, 2, errors);
  assert.match(errors, /expected the pretraining of this recipe/);
});

test('rates rise, stay and fall within a phase; scaling keeps a step of each', async () => {
  const read = await readRecipe(recipe);
  const phase = { ...read.phases[0]!, steps: 10, warmup: 2, decay: 0.4, floor: 0.1 };
  assert.deepEqual([1, 2, 6, 8, 10].map((step) => rateShare(phase, step)), [0.5, 1, 1, 0.5, 0.1]); // prettier-ignore
  assert.deepEqual(scaledRecipe(read, 0.01).phases.map(({ steps }) => steps), [1, 1]); // prettier-ignore
  await writeFile(path.join(folder, 'wrong.yaml'), 'model: { hidden: 2 }\nphases: []\nspeed: 3\n');
  await assert.rejects(readRecipe(path.join(folder, 'wrong.yaml')), /hidden[^]*phases/);
});
