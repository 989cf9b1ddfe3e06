import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findChromium } from '../../../reports/pdf/find-chromium.ts';
import { printPage } from '../../../reports/pdf/print-page.ts';
import { steadyPdf } from '../../../reports/pdf/steady-pdf.ts';
import { makeRun } from '../make-runs.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-pdf-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A program that does what the script says. */
async function program(name: string, script: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

test('the report of the command has a PDF where there is a Chromium, and is whole without', async () => {
  const runs = path.join(folder, 'runs');
  await makeRun(runs, { system: 'text', answer: ({ answers }) => answers[0]! });
  const report = (out: string, chromium?: string): string => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['harness/clara-bench.js', 'report', runs, '--out', path.join(folder, out)],
      { encoding: 'utf8', env: { ...process.env, ...(chromium && { CHROME_PATH: chromium }) } },
    );
    assert.equal(status, 0, stderr);
    return stderr;
  };
  assert.match(report('without', path.join(folder, 'none')), /report\.pdf: not printed: CHROME_PATH names no program/);
  assert.match(
    report('failed', await program('failing', 'echo out of order >&2; exit 3')),
    /report\.pdf: not printed: failing failed \(3\): out of order/,
  );
  for (const out of ['without', 'failed']) {
    const files = await readdir(path.join(folder, out));
    assert.ok(files.includes('index.html') && !files.includes('report.pdf') && !files.includes('print.html'));
  }
  if (!findChromium(process.env)) return;
  assert.match(report('one'), /report\.pdf: printed in \d/);
  report('two');
  const [one, two] = await Promise.all(['one', 'two'].map((out) => readFile(path.join(folder, out, 'report.pdf'))));
  assert.ok(one!.equals(two!));
  const text = one!.toString('latin1');
  assert.match(text, /^%PDF-/);
  assert.match(text, /\/CreationDate \(D:20261124080101/);
  assert.doesNotMatch(text, /file:\/\/|HeadlessChrome|Linux/);
  assert.ok(!text.includes(folder));
});

test('a program that does not end is ended, one that writes nothing is told of', async () => {
  const page = path.join(folder, 'page.html');
  await writeFile(page, '<p>A page');
  await assert.rejects(
    printPage({ chromium: await program('slow', 'sleep 60'), page, timeoutMs: 200 }),
    /slow was not done after 0\.2 s/,
  );
  await assert.rejects(
    printPage({ chromium: await program('idle', 'exit 0'), page, timeoutMs: 10_000 }),
    /idle wrote no PDF/,
  );
});

test('dates and identifiers are replaced by others of the same length', () => {
  const pdf = Buffer.from(
    '/CreationDate (D:20250102030405+00)/ModDate (D:20250102030405+00)/ID (node00000090) (node00000017) (node00000090)\u00ff',
    'latin1',
  );
  assert.equal(
    steadyPdf(pdf, new Date('2026-11-24T08:01:01Z')).toString('latin1'),
    '/CreationDate (D:20261124080101+00)/ModDate (D:20261124080101+00)/ID (node00000002) (node00000001) (node00000002)\u00ff',
  );
});
