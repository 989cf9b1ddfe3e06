import assert from 'node:assert/strict';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { atlasDials } from '../../datasets/atlas/dials.ts';
import { generateAtlas } from '../../datasets/atlas/generate.ts';
import type { Example } from '../../datasets/example.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { writeReport } from '../../reports/write-report.ts';
import { makeRun, type MadeRun } from './make-runs.ts';

function atlasRun(
  given: object,
  questions: number,
  made: Pick<MadeRun, 'system' | 'answer' | 'ratio' | 'tokens'>,
): MadeRun {
  const dials = atlasDials.parse(given);
  const benchmark = {
    id: 'atlas',
    split: 'dev',
    file: null,
    sha256: sha256(JSON.stringify(dials)),
    module: null,
    dials,
  };
  return { ...made, examples: [...generateAtlas('dev', questions, dials)], manifest: { benchmark } };
}

async function report(made: readonly MadeRun[]): Promise<{ folder: string; markdown: string }> {
  const runs = await mkdtemp(path.join(tmpdir(), 'atlas-runs-'));
  for (const run of made) await makeRun(runs, run);
  const folder = path.join(runs, 'report');
  await writeReport({ runs, out: folder });
  return { folder, markdown: await readFile(path.join(folder, 'report.md'), 'utf8') };
}

/** The cells of the lines of a Markdown table that begin with a name. */
function lines(markdown: string, heading: string, first: string): string[][] {
  const section = markdown.split(/^## /m).find((one) => one.startsWith(heading));
  assert.ok(section, `a section ${heading}`);
  const rows = section.split('\n').filter((line) => line.startsWith(`| ${first}`));
  return rows.map((row) => row.replaceAll('\\', '').split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
}

test('facts held by passages: means over passages, how many have how many, and nothing where passages are not asked about in full', async () => {
  const dials = { documents: 1, ask: 'all' };
  const tokens = { source: 32, vectors: 8 };
  const rightFirst =
    (facts: (passage: number) => number) =>
    ({ answers }: Example, at: number) =>
      at % 4 < facts(Math.floor(at / 4)) ? answers[0]! : 'nothing';
  // The last passage is not asked about in full, and does not count.
  const { folder, markdown } = await report([
    atlasRun(dials, 42, { system: 'text', answer: rightFirst(() => 4) }),
    atlasRun(dials, 42, {
      system: 'clara',
      ratio: 4,
      tokens,
      answer: rightFirst((passage) => [4, 4, 1, 1, 2][passage % 5]!),
    }),
    atlasRun(dials, 42, {
      system: 'clara',
      ratio: 16,
      tokens: { source: 32, vectors: 2 },
      answer: rightFirst((passage) => passage % 2),
    }),
  ]);
  const [text] = lines(markdown, 'Facts held', 'text');
  assert.deepEqual(text!.slice(3, 5), ['10', '4.00 [4.00, 4.00]']);
  const [four, sixteen] = lines(markdown, 'Facts held', 'clara');
  assert.match(four![4]!, /^2\.40 \[[\d.]+, [\d.]+\]$/);
  // 0.6 of the facts: binomial probabilities of 4 trials.
  assert.deepEqual(four!.slice(5), ['0.0 (2.6)', '40.0 (15.4)', '20.0 (34.6)', '0.0 (34.6)', '40.0 (13.0)']);
  assert.match(sixteen![4]!, /^0\.50 \[0\.\d+, 0\.\d+\]$/);
  assert.match(markdown, /Guessing values gives 0\.17 of 4\./);
  assert.match(markdown, /Passages without an answer to each question, which do not count: text: 1; clara 4×: 1/);
  assert.match(
    await readFile(path.join(folder, 'charts', 'quality-facts-held-atlas-documents-1-ask-all-.svg'), 'utf8'),
    /of 4/,
  );
  assert.doesNotMatch(markdown, /^## Difficulty/m);
});

test('dials: each benchmark by its name, exact match by each dial alone with what chance gives, a chart a system', async () => {
  const right =
    (every: number) =>
    ({ answers }: Example, at: number) =>
      at % every === 0 ? answers[0]! : 'nothing';
  const settings = [{}, { documents: 16 }, { documents: 1 }, { length: 60 }, { hops: 2 }, { documents: 2, shared: 1 }];
  const { folder, markdown } = await report([
    ...settings.map((dials) => atlasRun(dials, 12, { system: 'text', answer: right(Object.keys(dials).length + 1) })),
    atlasRun({}, 12, { system: 'bm25', answer: () => '' }),
  ]);
  const rows = ['documents', 'length', 'hops', 'shared'].map((dial) => lines(markdown, 'Difficulty dials', dial));
  assert.deepEqual(
    rows.map((panel) => panel.map((cells) => [cells[1], cells[4]!.split(' ')[0], cells[5], cells[6]].join(' '))),
    [
      ['1 50.0 100.0 4.2', '4 100.0 46.9 4.2', '16 50.0 12.5 4.2'],
      ['none 100.0 46.9 4.2', '60 50.0 46.9 4.2'],
      ['1 100.0 46.9 4.2', '2 50.0 – 4.2'],
      [],
    ],
  );
  for (const name of ['atlas', 'atlas (documents 16)', 'atlas (documents 2, shared 1)']) {
    assert.ok(markdown.replaceAll('\\', '').includes(`**${name}, 12 questions, tiny**`), name);
  }
  assert.match(await readFile(path.join(folder, 'charts', 'dials-text.svg'), 'utf8'), /documents/);
  assert.doesNotMatch(markdown, /^## Facts held/m);
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  assert.match(html, /data-benchmark="atlas \(documents 16\)"/);
});
