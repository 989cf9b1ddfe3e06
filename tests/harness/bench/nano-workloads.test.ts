import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { NANO_WORKLOADS } from '../../../harness/bench/nano-workloads.ts';
import { loadLanguageModel } from '../../../harness/language-model/load-language-model.ts';
import { temporaryFolder } from '../suite/run.ts';

test('a nano row does its work again and again, and leaves the peer the same work', async (context) => {
  const nano = await loadLanguageModel('nano');
  context.after(() => nano.dispose());
  const work = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'work.json'), 'utf8')) as Record<string, unknown[]>; // prettier-ignore

  const step = temporaryFolder(context);
  const train = await NANO_WORKLOADS['nano-instruction-step']!(nano, step);
  const losses = [(await train()).results[0], (await train()).results[0]] as number[];
  assert.ok(losses[1]! < losses[0]!, `the loss falls: ${losses.join(', ')}`);
  assert.deepEqual([work(step).sequences!.length, work(step).documents!.length], [16, 48]);
  // Adapters of compressor and generator: A and B of 7 linear layers in 2 blocks.
  assert.equal(work(step).trained!.length, 2 * 2 * 7 * 2);

  const folder = temporaryFolder(context);
  const ask = await NANO_WORKLOADS['nano-clara-answers']!(nano, folder);
  const { results, rate } = await ask();
  assert.equal(results.length, 50);
  assert.ok(rate > 0);
  assert.deepEqual((await ask()).results, results);
  assert.ok(work(folder).candidates!.every((places) => (places as number[]).length === 8));
});
