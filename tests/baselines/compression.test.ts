import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findSystem } from '../../baselines/find-system.ts';
import { InputError } from '../../harness/errors.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import type { LanguageModel } from '../../harness/language-model/language-model.ts';
import { loadLanguageModel } from '../../harness/language-model/load-language-model.ts';
import { tinyExamples, writeTinySuite } from '../harness/clara/tiny-suite.ts';
import { answerWithTinySystem, trainTinySystem } from '../harness/clara/train-tiny-system.ts';

let folder: string;
let base: LanguageModel;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'compression-'));
  await writeTinySuite(folder, []);
  base = await loadLanguageModel(path.join(folder, 'model'));
});
after(async () => {
  base.dispose();
  await rm(folder, { recursive: true });
});

const common = { ratio: 4, documentMaxLength: 32, rank: 4, dropout: 0 };
const stage = { batch: 3, microBatch: 3, learningRate: 0.02, warmup: 0, checkpointed: true };

/** The losses and tensors of a system's stages, and its answers to four questions. */
async function trainAndAnswer(id: string, settings: Record<string, unknown>) {
  const trained = await trainTinySystem({ base, folder }, id, settings);
  const answers = await answerWithTinySystem({ base, folder }, id, settings, trained.at(-1)!);
  const stages = trained.map(({ terms, tensors }) => ({ tensors, losses: terms.map(({ loss }) => loss) }));
  return { stages, answers };
}

/** Writes a teacher's answers, the settings that name them. */
async function teacher(lines: readonly object[]) {
  const content = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const file = path.join(folder, `${sha256(content).slice(0, 8)}.jsonl`);
  await writeFile(file, content);
  return { file, sha256: sha256(content) };
}

test("pisco learns a teacher's answers with its memory tokens, whatever the gold ones are", async () => {
  const [first, ...others] = tinyExamples('train', 6);
  const answers = await teacher([{ id: 'other', answer: 'none' }, { id: first!.id, answer: 'dull' }, ...others.map(({ id }) => ({ id, prediction: 'dull', tokens: { output: 1 } }))]); // prettier-ignore
  const { stages, answers: given } = await trainAndAnswer('pisco', { ...common, docs: 1, instruction: { ...stage, steps: 25, docs: 1, answers } }); // prettier-ignore
  const [{ losses, tensors }] = stages as [(typeof stages)[0]];
  assert.ok(losses.at(-1)! < losses[0]! / 4, `loss ${losses[0]} to ${losses.at(-1)}`);
  assert.deepEqual(given.map(({ prediction }) => prediction), ['dull', 'dull', 'dull', 'dull']); // prettier-ignore
  const [fresh] = await trainTinySystem({ base, folder }, 'clara', { ...common, instruction: { ...stage, steps: 1, docs: 1 } }); // prettier-ignore
  // Only the memory tokens differ: instruction tuning of CLaRa leaves all special tokens as they begin.
  const begun = fresh!.tensors;
  assert.notDeepEqual(tensors.get('memory_embeddings'), begun.get('memory_embeddings'));
  assert.deepEqual(tensors.get('special_embeddings'), begun.get('special_embeddings'));
});

test("a teacher's file is the one that its hash says, and answers every question", async () => {
  const train = (answers: object) => trainTinySystem({ base, folder }, 'pisco', { ...common, instruction: { ...stage, steps: 1, answers } }); // prettier-ignore
  const examples = tinyExamples('train', 6);
  const some = await teacher([...examples.slice(2).map(({ id }) => ({ id, answer: 'x' })), { id: 'train-1', error: 'no memory' }]); // prettier-ignore
  const wrong = await teacher([{ id: 'train-0', answer: '' }]);
  for (const [answers, pattern] of [
    [some, /expected an answer to each training question, got none to 2: "train-0", "train-1"/],
    [{ ...some, sha256: wrong.sha256 }, /expected SHA-256 .*answers\.sha256/],
    [wrong, /:1: answer: /],
    [{ file: some.file }, /instruction\.answers/],
    [{ ...some, file: 'nowhere.jsonl' }, /nowhere\.jsonl/],
  ] as const) {
    await assert.rejects(train(answers), (error: unknown) => error instanceof InputError && pattern.test(error.message), String(pattern)); // prettier-ignore
  }
});

test('icae learns to say documents again, then to answer, with a frozen decoder', async () => {
  const { stages, answers } = await trainAndAnswer('icae', {
    ...common,
    pretraining: { ...stage, steps: 8 },
    instruction: { ...stage, steps: 3, docs: 'all' },
  });
  const [pretrained, tuned] = stages as [(typeof stages)[0], (typeof stages)[0]];
  assert.ok(pretrained.losses.at(-1)! < pretrained.losses[0]! - 0.1, `loss ${pretrained.losses.join(' ')}`);
  for (const { tensors } of stages) {
    const learnt = (part: string): boolean =>
      [...tensors].some(([name, values]) => name.startsWith(part) && name.includes('lora_B') && values.some(Boolean));
    assert.deepEqual([learnt('encoder_adapter'), learnt('decoder_adapter')], [true, false]);
  }
  const same = (name: string): boolean => Buffer.from(pretrained.tensors.get(name)!.buffer).equals(Buffer.from(tuned.tensors.get(name)!.buffer)); // prettier-ignore
  assert.deepEqual([same('memory_embeddings'), same('special_embeddings')], [false, true]);
  assert.deepEqual(answers.map(({ selected, tokens }) => [selected, tokens!.vectors]), new Array(4).fill([[0, 1, 2], 24])); // prettier-ignore
  const system = await findSystem('icae');
  const bad = { ...common, pretraining: { steps: 1, data: 'both' }, instruction: { steps: 1, train: 'both', alignment: { weight: 1 } } }; // prettier-ignore
  assert.throws(() => system.settings(bad), (error: unknown) => error instanceof InputError && error.problems.length === 3); // prettier-ignore
});

test('xrag trains its projector alone, and a document is one vector', async () => {
  const settings = { ratio: 32, pretraining: { ...stage, steps: 6 }, instruction: { ...stage, steps: 4, docs: 'all' } };
  const { stages, answers } = await trainAndAnswer('xrag', settings);
  const [pretrained, tuned] = stages as [(typeof stages)[0], (typeof stages)[0]];
  assert.ok(pretrained.losses.at(-1)! < pretrained.losses[0]!, `loss ${pretrained.losses.join(' ')}`);
  const projector = ['projector.0.bias', 'projector.0.weight', 'projector.2.bias', 'projector.2.weight'];
  const tables = ['memory_embeddings', 'memory_head', 'special_embeddings', 'special_head'];
  assert.deepEqual([...tuned.tensors.keys()].sort(), [...tables, ...projector].sort());
  for (const [name, values] of tuned.tensors) {
    const same = Buffer.from(values.buffer).equals(Buffer.from(pretrained.tensors.get(name)!.buffer));
    assert.equal(same, tables.includes(name), name);
  }
  assert.deepEqual(answers.map(({ tokens }) => tokens!.vectors), [3, 3, 3, 3]); // prettier-ignore
  const system = await findSystem('xrag');
  assert.equal((system.settings({ instruction: { steps: 1 } }) as { ratio: number }).ratio, 180);
  assert.throws(() => system.settings({ rank: 4, instruction: { steps: 1 } }), InputError);
});

test('mean-pool answers from as many vectors as its ratio says, with and without pretraining, and has no alignment loss', async () => {
  const instruction = { ...stage, steps: 2, docs: 'all' };
  for (const [settings, vectors] of [
    [{ pretraining: { ...stage, steps: 1 }, instruction }, 24],
    // The short documents have 25 and 27 tokens.
    [{ memory: 'proportional', instruction }, 22],
  ] as const) {
    const { stages, answers } = await trainAndAnswer('mean-pool', { ...common, ...settings });
    assert.ok(stages.every(({ losses }) => losses.every(Number.isFinite)));
    assert.deepEqual(answers.map(({ tokens, selected, ranking }) => [tokens!.vectors, selected, ranking]), new Array(4).fill([vectors, [0, 1, 2], undefined])); // prettier-ignore
  }
  const system = await findSystem('mean-pool');
  const checked = system.settings({ ...common, instruction: { steps: 1 } }) as { instruction: { alignment: unknown } };
  assert.deepEqual(checked.instruction.alignment, { weight: 0, form: 'mean' });
  for (const [bad, pattern] of [
    [{ instruction: { steps: 1, alignment: { weight: 0.1 } } }, /instruction\.alignment\.weight: expected 0, got 0\.1/],
    [{ instruction: { steps: 1 }, endToEnd: { steps: 1 } }, /endToEnd/],
    [{}, /at least one of the stages pretraining and instruction/],
  ] as const) {
    assert.throws(() => system.settings({ ...common, ...bad }), (error: unknown) => error instanceof InputError && pattern.test(error.message)); // prettier-ignore
  }
});

test('every training question without documents is named, in every stage that reads them', async () => {
  const [first, second, ...others] = tinyExamples('train', 6);
  const examples = [{ ...first!, pos_index: [] }, { ...second!, docs: [], pos_index: [] }, ...others];
  for (const [settings, ids] of [
    [{ instruction: { ...stage, steps: 1, docs: 'gold' } }, ['train-0', 'train-1']],
    [{ pretraining: { ...stage, steps: 1 }, endToEnd: { ...stage, steps: 1, docs: 'all', k: 3 } }, ['train-1']],
  ] as const) {
    await assert.rejects(
      trainTinySystem({ base, folder }, 'clara', { ...common, ...settings }, examples),
      (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.deepEqual(error.problems.map((problem) => /^training question "(.*?)": expected at least \d of its documents/.exec(problem)?.[1]), ids); // prettier-ignore
        return true;
      },
    );
  }
});
