import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import papaparse from 'papaparse';
import { InputError } from '../../harness/errors.ts';
import { folderOf } from '../../harness/suite/job.ts';
import { writeReport } from '../../reports/write-report.ts';
import { makeRun, plainExamples } from './make-runs.ts';
import { makeTraining, plainCurve } from './make-trainings.ts';

const HOSTILE = '<img src=x> | `x`';
const examples = plainExamples();
const right =
  (count: number) =>
  ({ answers }: (typeof examples)[number], at: number): string =>
    at < count ? answers[0]! : 'no';
const loop = { steps: 20, batch: 4, learningRate: 1e-4, schedule: 'cosine', warmup: 0.03, floor: 0.1 };

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-training-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** CLaRa through three stages at two ratios, of which the loss's parts are known; text-lora; a ranker; and a training that no shown system uses. */
async function makeSuite(runs: string): Promise<void> {
  for (const ratio of [4, 16]) {
    const scp = await makeTraining(runs, {
      trainer: 'clara/pretraining',
      settings: { ...loop, ratio, memory: 'fixed', paraphrase: 'own-text', alignment: { weight: 0.1, form: 'mean' } },
      curve: plainCurve(20, (step) => 4 - step / 10).map((line) =>
        'terms' in line
          ? { ...line, terms: { ...line.terms, crossEntropy: line.terms.loss! - 0.5, alignment: 5 } }
          : line,
      ),
    });
    const instruction = await makeTraining(runs, {
      trainer: 'clara/instruction',
      settings: { ...loop, ratio, decoder: ratio === 4 ? 'restarted' : 'continued', note: HOSTILE },
      from: scp,
      // Stopped after 15 of 20 steps; the best validation is that of step 5.
      curve: plainCurve(15, (step) => 1 + step / 10, 5),
    });
    const last = await makeTraining(runs, {
      trainer: 'clara/end-to-end',
      settings: { ...loop, ratio, schedule: 'constant', masking: 'paper' },
      from: instruction,
    });
    await makeRun(runs, {
      system: 'clara',
      ratio,
      examples,
      answer: right(ratio === 4 ? 8 : 2),
      tokens: { source: 120, vectors: 40 },
      ranking: [0],
      manifest: { trained: last.key },
    });
  }
  const text = await makeTraining(runs, { trainer: 'text/lora', settings: loop, curve: plainCurve(20, () => 1) });
  await makeRun(runs, {
    system: 'text-lora',
    examples,
    answer: right(6),
    tokens: { source: 120, vectors: 120 },
    manifest: { trained: text.key },
  });
  await makeRun(runs, {
    system: 'bm25',
    examples,
    answer: () => '',
    ranking: [0],
    manifest: { system: { id: 'bm25', description: 'ranks', module: null, answers: false } },
  });
  await makeTraining(runs, { trainer: 'unused', curve: plainCurve(2, () => 1) });
}

describe('a report of trained systems', () => {
  let out: string;
  let markdown: string;
  const section = (heading: string): string => markdown.split('\n## ').find((text) => text.startsWith(heading))!;
  const rows = (text: string, caption: string): string[][] => {
    const [, after] = text.split(`**${caption}**`);
    const [, table] = after!.split('\n\n');
    return table!.split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
  };
  before(async () => {
    const runs = path.join(folder, 'runs');
    await makeSuite(runs);
    out = path.join(folder, 'report');
    await writeReport({ runs, out });
    markdown = await readFile(path.join(out, 'report.md'), 'utf8');
  });

  test('says through which stages each system went, and of no other training', () => {
    const training = section('Training');
    assert.match(training, /- \*\*pretraining → instruction → end to end\*\*: clara 4×, clara 16×/);
    assert.match(training, /- \*\*text lora\*\*: text-lora/);
    assert.match(training, /on the same questions in the same order: 300 of cities \(train\)\./);
    assert.doesNotMatch(markdown, /unused/);
  });

  test('has a stage’s settings, losses, validation, speed and cost', () => {
    const training = section('Training');
    const settings = rows(training, 'Stages of training');
    assert.deepEqual(
      settings.find(([stage, system]) => stage === 'clara/instruction' && system === 'clara 16×'),
      ['clara/instruction', 'clara 16×', '16×', '15 of 20', '4', '300', '0.0001', 'cosine', '3 %', '10 %'],
    );
    const results = rows(training, 'What came of it, and what it cost');
    const [head, ...lines] = results;
    const of = (stage: string): Record<string, string> =>
      Object.fromEntries(lines.find(([name]) => name === stage)!.map((cell, at) => [head![at]!, cell]));
    // Means of the first and last tenth, 2 of 20 steps: 4 - (0.1 + 0.2) / 2, and 4 - (1.9 + 2) / 2.
    assert.equal(of('clara/pretraining')['Loss, first 10 %'], '3.850');
    assert.equal(of('clara/pretraining')['Loss, last 10 %'], '2.050');
    assert.equal(of('clara/instruction')['Best validation'], '1.600 (step 5)');
    // 100 tokens in 50 ms.
    assert.equal(of('clara/pretraining')['Tokens a second'], '2,000');
    assert.equal(of('clara/pretraining').Minutes, '2.5');
    assert.equal(of('clara/pretraining')['Peak, GiB'], '3.00');
    // A trainer that leaves no curve has a row all the same.
    assert.equal(of('clara/end-to-end')['Loss, last 10 %'], '–');
    assert.deepEqual(rows(training, 'Terms of the loss').slice(2, 4), [
      ['clara/pretraining', 'clara 4×', '4×', 'cross entropy', '3.3500', '1.5500'],
      ['clara/pretraining', 'clara 4×', '4×', 'alignment', '5.0000', '5.0000'],
    ]);
  });

  test('says which option of the method was used, and that a passage’s text stands in for a paraphrase', () => {
    const options = rows(section('Method options'), 'Settings of the stages of training');
    const of = (name: string): string[][] => options.filter(([setting]) => setting === name);
    assert.deepEqual(
      of('paraphrase').map(([, value]) => value),
      ['own-text: the passage’s own text stands in for a paraphrase'],
    );
    assert.deepEqual(
      of('decoder').map(([, value, , code, paper, stages]) => [value, code, paper, stages]),
      [
        ['restarted: starts from nothing', 'restarted', 'continued', 'clara/instruction (clara 4×)'],
        ['continued: goes on from pretraining', 'restarted', 'continued', 'clara/instruction (clara 16×)'],
      ],
    );
    assert.match(of('masking')[0]![1]!, /^paper: /);
    assert.deepEqual(
      of('from').map(([, value, , , , stages]) => [value, stages]),
      [
        ['the backbone', 'text/lora; clara/pretraining'],
        ['clara/pretraining', 'clara/instruction'],
        ['clara/instruction', 'clara/end-to-end'],
      ],
    );
    // Whatever has no description and is not the loop's default is shown; what is, is not.
    assert.match(of('note')[0]![1]!, /&lt;img/);
    assert.deepEqual(of('warmup'), []);
    assert.match(section('Method options'), /documents’ vectors are computed once, without dropout/);
  });

  test('has the curves as CSV, and one chart a stage', async () => {
    const { data } = papaparse.parse<Record<string, string>>(await readFile(path.join(out, 'curves.csv'), 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    const alignment = data.filter(({ term }) => term === 'alignment');
    assert.equal(alignment.length, 40);
    const validation = data.filter(({ kind, ratio }) => kind === 'validation' && ratio === '16');
    assert.deepEqual(
      validation.map(({ stage, systems, step, term, value }) => [stage, systems, step, term, Number(value).toFixed(3)]),
      [5, 10, 15].map((step) => ['clara/instruction', 'clara 16×', String(step), 'loss', (1.1 + step / 10).toFixed(3)]),
    );
    const svg = await readFile(path.join(out, 'charts', 'loss-clara-instruction.svg'), 'utf8');
    assert.match(svg, /16×: loss from [\d.]+ at step 1 to [\d.]+ at step 15, best validation 1\.60 at step 5\./);
    assert.match(markdown, /charts\/loss-text-lora\.svg/);
    assert.doesNotMatch(markdown, /charts\/loss-clara-end-to-end\.svg/);
  });

  test('compares question by question, with both ratios', () => {
    const [, , ...lines] = rows(section('Question by question'), 'cities, tiny: paired differences');
    assert.deepEqual(
      lines.map((line) => [
        line[0],
        line[1],
        line[2],
        line[3],
        line[4]!.split(' ')[0],
        line[6],
        line[7],
        line[8],
        line[9],
        line[10],
      ]),
      [
        // 8 and 6 of 12 right, the same 6: two discordant pairs, p = 2 / 4; d_z = (1/6) / sqrt(5/36 * 12/11).
        ['clara 4× − text-lora', '4×', '3.00×', '12', '+16.7', '2', '0', '+0.43', '0.5000', '0.5000'],
        ['clara 16× − text-lora', '16×', '3.00×', '12', '−33.3', '0', '4', '−0.68', '0.1250', '0.2500'],
      ],
    );
  });

  test('keeps what only ranks out of the tables of answers', async () => {
    assert.doesNotMatch(
      section('Compression systems') + section('All metrics by benchmark') + section('Examples'),
      /bm25/,
    );
    assert.match(section('Reranking'), /\| bm25 \| – \| – \| 12 \| 100\.0/);
    assert.doesNotMatch(await readFile(path.join(out, 'results.csv'), 'utf8'), /bm25.*,exact-match,/);
  });

  test('shows hostile settings as text', async () => {
    const html = await readFile(path.join(out, 'index.html'), 'utf8');
    assert.doesNotMatch(html, /<img src=x/);
    assert.match(html, /&lt;img src=x&gt; \| `x`/);
  });
});

test('a training that does not lie beside its run is named as missing', async () => {
  const runs = await mkdtemp(path.join(folder, 'missing-'));
  const trained = 'ab'.repeat(32);
  await makeRun(runs, { system: 'text-lora', answer: right(6), manifest: { trained } });
  const out = path.join(runs, 'report');
  await writeReport({ runs, out });
  const markdown = await readFile(path.join(out, 'report.md'), 'utf8');
  assert.match(markdown, /Not found beside the runs, and so not shown: text-lora: train-abababababababab/);
});

test('a broken curve is refused, with its line', async () => {
  const runs = await mkdtemp(path.join(folder, 'broken-'));
  const training = await makeTraining(runs, { trainer: 'text/lora', curve: plainCurve(2, () => 1) });
  const file = path.join(runs, folderOf(training), 'curve.jsonl');
  await writeFile(file, `${await readFile(file, 'utf8')}{"step":3}\n`);
  await makeRun(runs, { system: 'text-lora', answer: right(6), manifest: { trained: training.key } });
  await assert.rejects(writeReport({ runs, out: path.join(runs, 'report') }), (error) => {
    assert.ok(error instanceof InputError);
    assert.match(error.message, /curve\.jsonl:3: /);
    return true;
  });
});
