import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Example } from '../../../datasets/example.ts';
import type { InputError } from '../../../harness/errors.ts';
import { packageRoot } from '../../../harness/home.ts';
import { judgeClaims, type JudgedClaim } from '../../../reports/claims/judge-claims.ts';
import { loadClaims } from '../../../reports/claims/load-claims.ts';
import { findRuns } from '../../../reports/find-runs.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { makeRun, plainExamples } from '../make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-claims-'));
after(() => rm(folder, { recursive: true }));
const runs = path.join(folder, 'runs');

/** The first so many questions right. */
const right =
  (count: number) =>
  ({ answers }: Example, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

const claimsFile = async (...claims: readonly string[]): Promise<string> => {
  const file = path.join(await mkdtemp(path.join(folder, 'file-')), 'some.claims.yaml');
  await writeFile(file, `claims:\n${claims.map((claim) => `  - { ${claim} }\n`).join('')}`);
  return file;
};

const judge = async (...claims: readonly string[]): Promise<JudgedClaim[]> =>
  judgeClaims({ claims: await loadClaims(await claimsFile(...claims)), runs: (await findRuns([runs])).runs });

before(async () => {
  await makeRun(runs, { system: 'clara', ratio: 4, answer: right(9), settings: { docs: 'all' } });
  await makeRun(runs, { system: 'clara', ratio: 32, answer: right(1), settings: { docs: 'all' } });
  await makeRun(runs, { system: 'clara', ratio: 32, answer: right(2), settings: { docs: 'gold' } });
  await makeRun(runs, { system: 'text-lora', answer: right(11) });
});

test('a claim holds with its numbers, p corrected over the claims', async () => {
  const [held, weak] = await judge(
    'claim: better, system: text-lora, than: { id: clara, ratio: 32, settings: { docs: all } }',
    'claim: better, system: text-lora, than: { id: clara, ratio: 4 }',
  );
  assert.equal(held!.held, true, held!.reason ?? '');
  assert.equal(held!.statement, 'text-lora is better than clara (all) 32× in exact-match on cities/dev');
  // Ten discordant questions, all for one side: p = 2 / 2^10, doubled by Holm.
  assert.match(
    held!.numbers!,
    /^91\.7 % against 8\.3 %, difference \+83\.3 points \[\+[\d.]+, \+[\d.]+\], n = 12, p = 0\.0039 \(McNemar’s exact test, Holm over 2 claims\)$/,
  );
  assert.deepEqual([weak!.held, weak!.reason], [false, 'not significant']);
  assert.match(weak!.numbers!, /p = 0\.5000 .*, \d+ questions would show such a difference$/);
});

test('the other way round, and a margin that is not reached', async () => {
  const judged = await judge(
    'claim: above, system: { id: clara, ratio: 32, settings: { docs: all } }, than: text-lora',
    'claim: below, system: { id: clara, ratio: 32, settings: { docs: all } }, than: text-lora',
    'claim: better, system: text-lora, than: { id: clara, ratio: 32, settings: { docs: all } }, margin: 95',
    'claim: not-worse, system: { id: clara, ratio: 4 }, than: text-lora, margin: 90',
    'claim: not-worse, system: { id: clara, ratio: 4 }, than: text-lora, margin: 1',
  );
  assert.deepEqual(
    judged.map(({ reason }) => reason),
    [
      'it is the other way round',
      null,
      'the difference is not beyond the margin',
      null,
      'the difference is not beyond the margin',
    ],
  );
  assert.match(
    judged[3]!.statement,
    /^clara \(all\) 4× is not worse than text-lora by more than 90 points in exact-match/,
  );
});

test('a side that names several configurations, or none, is refused with what there is', async () => {
  const [several, none, unknown] = await judge(
    'claim: better, system: text-lora, than: clara, ratio: 32',
    'claim: better, system: text-lora, than: { id: clara, ratio: 8 }, benchmark: cities',
    'claim: better, system: icae, than: text-lora, benchmark: villages',
  );
  assert.match(
    several!.reason!,
    /^clara at ratio 32 names 2 configurations: cities\/dev clara \(all\) 32×; cities\/dev clara \(gold\) 32×$/,
  );
  assert.match(
    none!.reason!,
    /^clara ratio=8 on cities names no run; of the system clara there is cities\/dev clara \(all\) 4×; /,
  );
  assert.equal(unknown!.reason, 'there is no run on villages; the runs are on cities/dev');
  assert.deepEqual(new Set([several, none, unknown].map((one) => one!.comparison)), new Set([null]));
});

test('different questions, scorers or seeds are refused', async () => {
  const refused = async (one: object, other: object): Promise<string> => {
    const mixed = await mkdtemp(path.join(folder, 'mixed-'));
    await makeRun(mixed, { system: 'text', answer: right(11), ...one });
    await makeRun(mixed, { system: 'clara', answer: right(1), ...other });
    const claims = await loadClaims(await claimsFile('claim: better, system: text, than: clara'));
    const [judged] = await judgeClaims({ claims, runs: (await findRuns([mixed])).runs });
    assert.equal(judged!.held, false);
    return judged!.reason!;
  };
  const trained = 'a'.repeat(64);
  assert.match(await refused({}, { examples: plainExamples('other') }), /the runs answered different questions/);
  assert.match(await refused({ benchmark: 'villages' }, {}), /of different benchmarks, villages\/dev and cities\/dev/);
  assert.match(
    await refused({ manifest: { model: { id: 'big', hash: 'big' } } }, {}),
    /different models, big and tiny/,
  );
  assert.match(
    await refused({ manifest: { trained } }, { manifest: { trained, seed: 1 } }),
    /^the two are of different seeds, 0 and 1$/,
  );
  await assert.rejects(refused({}, { manifest: { preset: 'squad' } }), /ask for different metric presets/);
});

test('a file of claims says all that is wrong with it, with line and column', async () => {
  const file = await claimsFile(
    'claim: beats, system: text-lora, than: clara',
    'claim: not-worse, system: text-lora, than: clara',
    'claim: better, system: text-lora, then: clara',
  );
  await assert.rejects(loadClaims(file), (error: InputError) => {
    assert.equal(error.problems.length, 4, error.message);
    assert.match(
      error.problems[0]!,
      /some\.claims\.yaml:2:\d+: claims\[0\]\.claim: expected better, not-worse, above, below, got "beats"$/,
    );
    assert.match(error.problems[1]!, /:3:\d+: claims\[1\]\.margin: expected a margin above 0 with not-worse/);
    assert.match(error.message, /:4:\d+: claims\[2\].*then/);
    return true;
  });
  await assert.rejects(
    judge(
      'claim: better, system: text-lora, than: clara, metric: f2',
      'claim: better, system: text-lora, than: clara, metric: compression-ratio',
    ),
    /claims\[0\]: metric: .* did you mean f1\?\nclaims\[1\]: metric: expected one with a mean over questions/,
  );
});

describe('a report', () => {
  const sections = async (out: string): Promise<string[]> =>
    (await readFile(path.join(out, 'report.md'), 'utf8')).split(/^## /m);

  test('has the claims on top: those that hold as sentences, the others with the reason', async () => {
    const claims = await claimsFile(
      'claim: better, system: text-lora, than: { id: clara, ratio: 32, settings: { docs: all } }',
      'claim: better, system: { id: clara, ratio: 4 }, than: text-lora',
    );
    const out = path.join(folder, 'report');
    const { table } = await writeReport({ runs, out, claims });
    assert.match(table, /^claims: 1 of 2 hold$/m);
    const [, first] = await sections(out);
    assert.match(first!, /^Claims\n\n1 of 2 claims hold\./);
    assert.match(first!, /Holds\*?\*?:? .*text-lora is better than clara \(all\) 32×/);
    assert.match(first!, /Refused\*?\*?:? .*clara \(all\) 4× is better than text-lora .*: it is the other way round/);
    const data = JSON.parse(await readFile(path.join(out, 'data.json'), 'utf8')) as { claims: JudgedClaim[] };
    assert.deepEqual(
      data.claims.map(({ held }) => held),
      [true, false],
    );
  });

  test('refuses mixed runs, and with --allow-mixed keeps them apart under a warning', async () => {
    const mixed = await mkdtemp(path.join(folder, 'mixed-'));
    await makeRun(mixed, { system: 'text', answer: right(6) });
    await makeRun(mixed, { system: 'clara', ratio: 4, examples: plainExamples('other'), answer: right(3) });
    const out = path.join(folder, 'mixed-report');
    await assert.rejects(
      writeReport({ runs: mixed, out }),
      /benchmark cities \(dev\): the runs answered different questions/,
    );
    await writeReport({ runs: mixed, out, allowMixed: true });
    const [, warning, ...others] = await sections(out);
    assert.match(warning!, /^Warning: mixed runs\n[^]*the runs answered different questions[^]*predict-[0-9a-f]{16}/);
    assert.match(others.join(''), /cities \\?#[0-9a-f]{6}/);
    // The two benchmarks of one name have nothing to be compared question by question.
    assert.doesNotMatch(others.join('\n'), /^Question by question/m);
  });
});

test('check --claims ends with 100 where one is refused', async () => {
  const check = async (claim: string): Promise<ReturnType<typeof spawnSync>> =>
    spawnSync(process.execPath, ['harness/clara-bench.js', 'check', runs, '--claims', await claimsFile(claim)], {
      cwd: packageRoot,
      encoding: 'utf8',
    });
  const held = await check(
    'claim: better, system: text-lora, than: { id: clara, ratio: 32, settings: { docs: gold } }',
  );
  assert.equal(held.status, 0, String(held.stdout));
  assert.match(String(held.stdout), /^claims: 1 of 1 hold\n {2}ok {7}text-lora is better than clara \(gold\) 32×/m);
  assert.equal((await check('claim: better, system: text-lora, than: { id: clara, ratio: 4 }')).status, 100);
});
