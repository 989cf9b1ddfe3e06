import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findTraces, type FoundTrace } from '../../../reports/publish/find-traces.ts';
import { machineTraces } from '../../../reports/publish/machine-traces.ts';
import { escapeHtml } from '../../../reports/text/escape-html.ts';
import { escapeLatex } from '../../../reports/text/escape-latex.ts';
import { escapeMarkdown } from '../../../reports/text/escape-markdown.ts';

const environment = {
  HOME: '/srv/people/jane_doe',
  USER: 'jane_doe',
  HOSTNAME: 'gpu-node-17.cluster.example',
  SERVICE_TOKEN: 'correcthorse',
  PROJECT_CODE: 'x&y "42" z_1',
  LANG: 'en_US.UTF-8',
  TOKENIZERS_PARALLELISM: 'false',
  NODE_VERSION: '20.19.0',
  STAGE: 'production',
};
const traces = machineTraces(environment);

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-traces-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function find(content: string | Uint8Array, name = 'a.html', allowed: string[] = []): Promise<FoundTrace[]> {
  await writeFile(path.join(folder, name), content);
  return findTraces(folder, [name], traces, allowed);
}

test('finds each thing that tells of the machine, on its line, in the forms of each format', async () => {
  const planted: [string, string, string][] = [
    ['jane_doe', 'the user name', 'jane_doe'],
    ['"jane\\_doe"', 'the user name', 'jane\\_doe'],
    ['gpu-node-17.cluster.example', 'the host name', 'gpu-node-17.cluster.example'],
    ['see /srv/people/jane_doe.', 'the home folder', '/srv/people/jane_doe'],
    ['"/scratch/x/data.jsonl"', 'an absolute path', '/scratch/x/data.jsonl'],
    ['&quot;/home/somebody/a b&quot;', 'an absolute path', '/home/somebody/a'],
    ['(/Users/Max/runs)', 'an absolute path', '/Users/Max/runs'],
    ['file:///a%20b/c', 'an address of a file', 'file:///a%20b/c'],
    ['cd ~/work/runs', 'a path from a home folder', '~/work/runs'],
    ['C:\\Users\\Max\\runs', 'a path of Windows', 'C:\\Users\\Max'],
    ['"D:\\\\data\\\\runs"', 'a path of Windows', 'D:\\\\data\\\\runs'],
    ['\\\\server\\share', 'a path of a Windows share', '\\\\server\\share'],
  ];
  for (const [text, what, match] of planted) {
    const found = await find(`one\ntwo ${text} more\n`);
    const hit = found.find((trace) => trace.what === what);
    assert.ok(hit, `${text}: expected ${what}, got ${JSON.stringify(found)}`);
    assert.equal(hit.where, 'a.html:2');
    assert.ok(hit.text?.startsWith(match), `${text}: ${hit.text}`);
  }
});

test('finds values of the environment as each format writes them, and does not tell them', async () => {
  const value = environment.PROJECT_CODE;
  for (const form of [value, escapeHtml(value), escapeMarkdown(value), escapeLatex(value), JSON.stringify(value)]) {
    const [found, ...more] = await find(`<p>${form}</p>`);
    assert.deepEqual(found, { where: 'a.html:1', what: 'the value of the environment variable PROJECT_CODE' });
    assert.deepEqual(more, []);
  }
  assert.deepEqual(await find('a correcthorse b'), [
    { where: 'a.html:1', what: 'the value of the environment variable SERVICE_TOKEN' },
  ]);
});

test('lets pass what tells of no machine', async () => {
  const harmless = [
    'jane_doerr, incorrecthorses, en_US.UTF-8, false, 20.19.0, production',
    'https://example.org/home/page, <img src="charts/a.svg">, </var>, and/or, 1/2, data/index.js, ./tmp/x, km/h',
    'Q:\\nText, {"text": "Answer:\\tyes"}, \\\\ \\midrule, ~ 5 %, root of 2, user friendly, a: /',
    "script-src 'self' file:; img-src",
  ];
  for (const text of harmless) assert.deepEqual(await find(text), [], text);
});

test('finds what lies over the border of two chunks once, and counts lines over all chunks', async () => {
  const line = `${'x'.repeat(999)}\n`;
  for (const at of [1_048_560, 1_048_570, 1_048_576, 1_044_480, 1_044_475]) {
    const lines = line.repeat(Math.floor(at / 1000));
    const before = `${lines}${'y'.repeat(at - lines.length)} `;
    const found = await find(`${before}jane_doe\n${line.repeat(1200)}/opt/somewhere/else`);
    assert.deepEqual(
      found.map(({ where, text }) => [where, text]),
      [
        [`a.html:${Math.floor(at / 1000) + 1}`, 'jane_doe'],
        [`a.html:${Math.floor(at / 1000) + 1202}`, '/opt/somewhere/else'],
      ],
    );
  }
});

test('looks into pictures and PDFs, and at the names of files', async () => {
  const bytes = Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from('/URI (file:///x/y)'), Buffer.from([0, 200])]);
  assert.deepEqual(await find(bytes, 'a.pdf'), [{ where: 'a.pdf', what: 'an address of a file', text: 'file:///x/y' }]);
  assert.deepEqual(await find('', 'of-jane_does.md'), []);
  assert.deepEqual(await find('', 'of-jane_doe.md'), [
    { where: 'of-jane_doe.md (its name)', what: 'the user name', text: 'jane_doe' },
  ]);
});

test('allows what it is told to allow', async () => {
  assert.deepEqual(await find('jane_doe in /usr/bin/env', 'a.html', ['jane_doe', '/usr/bin']), []);
});
