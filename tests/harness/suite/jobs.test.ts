import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from '../../../baselines/text.ts';
import { textBudget } from '../../../baselines/text-budget.ts';
import type { Example } from '../../../datasets/example.ts';
import type { Prediction } from '../../../harness/prediction.ts';
import { answerBlock } from '../../../harness/suite/answer-block.ts';
import { canonicalJson } from '../../../harness/suite/canonical-json.ts';
import { cutBlocks } from '../../../harness/suite/cut-blocks.ts';
import { expandSettings } from '../../../harness/suite/expand-settings.ts';
import { withKey, type Job } from '../../../harness/suite/job.ts';
import { selectExamples } from '../../../harness/suite/select-examples.ts';
import { clara } from '../../../harness/clara/clara.ts';
import { tellingSettings } from '../../../harness/suite/telling-settings.ts';
import type { Failure, PredictContext, System } from '../../../harness/system.ts';

function example(id: string, question = id): Example {
  return { id, question, answers: ['a'], docs: [], pos_index: [] };
}

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const many = Array.from({ length: 100 }, (_, at) => example(`q${at}`));

test('a list of a setting is a job for each value, the last setting changing fastest', () => {
  assert.deepEqual(expandSettings({ docs: ['gold', 'all'], ratio: [4, 16], keep: [[1, 2]] }), [
    { docs: 'gold', ratio: 4, keep: [1, 2] },
    { docs: 'gold', ratio: 16, keep: [1, 2] },
    { docs: 'all', ratio: 4, keep: [1, 2] },
    { docs: 'all', ratio: 16, keep: [1, 2] },
  ]);
  assert.deepEqual(expandSettings({}), [{}]);
});

test('canonical JSON does not depend on the order of keys, at any depth', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' }), canonicalJson({ a: 'x', b: [{ c: null, d: 1 }] }));
  assert.equal(canonicalJson({ b: 1, a: [2, 1] }), '{"a":[2,1],"b":1}');
});

test('the key follows what decides the predictions, and nothing else', () => {
  const hash = (digit: string): string => digit.repeat(64);
  const job: Omit<Job, 'key'> = {
    format: 1,
    kind: 'predict',
    suite: 'one',
    system: { id: 'text', description: '', module: null },
    settings: { docs: 'all' },
    ratio: null,
    benchmark: { id: 'nq', split: 'dev', file: '/a', sha256: hash('1'), module: null },
    selection: { limit: null, rule: 'first', seed: null },
    examples: { count: 3, sha256: hash('2') },
    model: { id: 'm', hash: hash('3') },
    seed: 0,
    trained: null,
    maxNewTokens: 32,
    batch: 8,
    preset: 'clara',
    metrics: [],
  };
  const { key } = withKey(job);
  // As it was before there were trained systems: runs of then are found again.
  assert.equal(key, 'd7e277b44e5874401a4454ff18b28a80ea749145ef2eeeb75c7147535d05058b');
  for (const same of [
    { suite: 'two', batch: 4, preset: 'squad', metrics: ['/m.ts'] },
    { benchmark: { ...job.benchmark, file: '/b', sha256: hash('9') } },
    { model: { id: 'another path', hash: hash('3') } },
  ]) {
    assert.equal(withKey({ ...job, ...same }).key, key);
  }
  for (const other of [
    { settings: { docs: 'gold' } },
    { seed: 1 },
    { trained: hash('7') },
    { maxNewTokens: 33 },
    { model: { id: 'm', hash: hash('4') } },
    { model: null },
    { examples: { count: 3, sha256: hash('5') } },
    { system: { ...job.system, module: { file: '/x.ts', sha256: hash('6') } } },
  ]) {
    assert.notEqual(withKey({ ...job, ...other }).key, key);
  }
});

test('a label shows the settings that are no default, and those that the suite varies', () => {
  const of = (system: System, ...given: Record<string, unknown>[]): Record<string, unknown>[] => {
    const chosen = given.map((settings) => ({ system, settings: system.settings(settings) }));
    const ofAnother = { system: { ...system, id: 'another' }, settings: { docs: 3 } };
    return chosen.map((one) => tellingSettings(one, [...chosen, ofAnother]));
  };
  assert.deepEqual(of(text, {}), [{}]);
  assert.deepEqual(of(text, { docs: 'gold' }), [{ docs: 'gold' }]);
  assert.deepEqual(of(text, { docs: 'gold' }, { docs: 'all' }), [{ docs: 'gold' }, { docs: 'all' }]);
  assert.deepEqual(of(textBudget, { ratio: 4, prompt: 'clara' }), [{ ratio: 4, prompt: 'clara' }]);
  // Of a stage, what varies between jobs that have it.
  const stages = (steps: number, endToEnd: object | null): Record<string, unknown> => ({
    ratio: 4,
    instruction: { steps },
    endToEnd,
  });
  assert.deepEqual(of(clara, stages(1, { steps: 3 }), stages(2, { steps: 3 }), stages(2, null)), [
    { ratio: 4, 'instruction.steps': 1 },
    { ratio: 4, 'instruction.steps': 2 },
    { ratio: 4, 'instruction.steps': 2, endToEnd: null },
  ]);
});

test('a limit takes the first questions, or the same drawn ones for a seed, in the order of the file', async () => {
  const draw = async (seed: number): Promise<string[]> => {
    const drawn = await selectExamples(stream(many), { limit: 10, rule: 'random', seed }, 'x');
    return drawn.map(({ id }) => id);
  };
  const first = await selectExamples(stream(many), { limit: 3, rule: 'first', seed: null }, 'x');
  assert.deepEqual(
    first.map(({ id }) => id),
    ['q0', 'q1', 'q2'],
  );
  const drawn = await draw(7);
  assert.equal(new Set(drawn).size, 10);
  assert.deepEqual(drawn, await draw(7));
  assert.notDeepEqual(drawn, await draw(8));
  const rows = drawn.map((id) => Number(id.slice(1)));
  assert.deepEqual(
    rows,
    [...rows].sort((a, b) => a - b),
  );
  // Every row has the same chance: each tenth of the file is drawn about as often.
  const tenths = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 200; seed++)
    for (const id of await draw(seed)) tenths[Math.floor(Number(id.slice(1)) / 10)]!++;
  for (const count of tenths) assert.ok(count > 150 && count < 250, String(tenths));
  await assert.rejects(
    selectExamples(stream([example('a'), example('a')]), { limit: null, rule: 'first', seed: null }, 'f'),
    {
      name: 'InputError',
      message: /f: expected every id once, got 1 again: "a"/,
    },
  );
  await assert.rejects(selectExamples(stream([]), { limit: null, rule: 'first', seed: null }, 'f'), /at least one/);
});

test('blocks are cut from the whole job, the longest questions first, equal ones in order', () => {
  const examples = ['bb', 'a', 'cc', 'ddd', 'e'].map((id) => example(id));
  const blocks = cutBlocks(examples, ({ question }) => question.length, 2);
  assert.deepEqual(
    blocks.map((block) => block.map(({ id }) => id)),
    [['ddd', 'bb'], ['cc', 'a'], ['e']],
  );
});

const context: PredictContext = {
  model: () => Promise.reject(new Error('no model here')),
  maxNewTokens: 1,
  batch: 8,
  seed: 0,
  settings: {},
  trained: null,
  cache: 'nowhere',
};

function system(predict: (examples: readonly Example[]) => AsyncIterable<Prediction | Failure>): System {
  return { id: 's', description: '', settings: (given) => given, predict };
}

async function answers(of: System, examples: readonly Example[]): Promise<string[]> {
  const given: string[] = [];
  for await (const result of answerBlock(of, examples, context)) {
    given.push('error' in result ? `${result.id}!${result.error}` : `${result.id}=${result.prediction}`);
  }
  return given;
}

test('a block that does not fit into the memory is answered in halves; only what fails alone is a failure', async () => {
  const sizes: number[] = [];
  const small = system(async function* (examples) {
    sizes.push(examples.length);
    if (examples.length > 2) throw new Error('OOM when allocating tensor');
    for (const { id } of examples) {
      if (id === 'q3') throw new Error('cannot');
      yield { id, prediction: id };
    }
  });
  assert.deepEqual(await answers(small, many.slice(0, 6)), ['q0=q0', 'q1=q1', 'q2=q2', 'q3!cannot', 'q4=q4', 'q5=q5']);
  assert.deepEqual(sizes, [6, 3, 2, 1, 3, 2, 1, 1, 1]);
});

test('a question without an answer is a failure; results of another question are a mistake of the system', async () => {
  const mute = system(async function* (examples) {
    if (examples.length > 1) yield { id: examples[0]!.id, prediction: 'x' };
  });
  assert.deepEqual(await answers(mute, many.slice(0, 2)), ['q0=x', 'q1!the system gave no answer']);
  const swapped = system(async function* (examples) {
    for (const { id } of [...examples].reverse()) yield { id, prediction: 'x' };
  });
  await assert.rejects(answers(swapped, many.slice(0, 2)), { message: /so "q0" now, got "q1"/ });
  const shapeless = system(async function* () {
    yield { id: 'q0' } as Prediction;
  });
  await assert.rejects(answers(shapeless, many.slice(0, 1)), { message: /result for "q0": prediction/ });
});
