import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { InputError } from '../../../harness/errors.ts';
import { packageRoot } from '../../../harness/home.ts';
import { loadSuite } from '../../../harness/suite/load-suite.ts';
import { temporaryFolder } from './run.ts';

test('all problems of a suite at once, each with line and column', async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'bad.yaml');
  writeFileSync(
    file,
    [
      'benchmarks:',
      '  - { id: nq, file: x.jsonl }',
      '  - { id: nq, limit: 0, select: frist }',
      'systems:',
      '  - { id: text, setings: { docs: all } }',
      'seeds: []',
      'batch: "8"',
      'preset: claara',
      'modles: [x]',
    ].join('\n'),
  );
  await assert.rejects(loadSuite(file), (error: InputError) => {
    const places = error.problems.map((problem) =>
      /^.*bad\.yaml:(\d+:\d+): ([^:]*)/.exec(problem)?.slice(1, 3).join(' '),
    );
    assert.deepEqual(places, [
      '2:5 benchmarks[0]',
      '3:22 benchmarks[1].limit',
      '3:33 benchmarks[1].select',
      '5:17 systems[0]',
      '6:8 seeds',
      '7:8 batch',
      '8:9 preset',
      '9:1 Unrecognized key',
    ]);
    return true;
  });
  writeFileSync(file, 'benchmarks: [sample\nsystems: "x\n');
  await assert.rejects(loadSuite(file), { name: 'InputError', message: /bad\.yaml:2:1: / });
  await assert.rejects(loadSuite(path.join(folder, 'none.yaml')), { name: 'InputError', message: /no such suite/ });
});

test('paths are relative to the suite file; ids stay ids', async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'mine.yaml');
  writeFileSync(
    file,
    'data: ../data\nmodels: [smollm, ./tiny]\nbenchmarks: [sample, { file: q.jsonl }]\nsystems: [{ module: ./x.ts, models: [../y] }]\n',
  );
  const suite = await loadSuite(file);
  assert.equal(suite.name, 'mine');
  assert.equal(suite.data, path.resolve(folder, '../data'));
  assert.deepEqual(suite.models, ['smollm', path.join(folder, 'tiny')]);
  assert.deepEqual(suite.benchmarks[1]!.file, path.join(folder, 'q.jsonl'));
  assert.deepEqual(suite.systems[0]!.models, [path.resolve(folder, '../y')]);
});

test('the shipped suites are right', async () => {
  for (const name of ['sample', 'small-text', 'squad-clara']) {
    const suite = await loadSuite(path.join(packageRoot, 'harness', 'suites', `${name}.yaml`));
    assert.equal(suite.name, name);
  }
});

test('settings that several systems share are written once: an anchor, merged with << and overridden', async (context) => {
  const file = path.join(temporaryFolder(context), 'shared.yaml');
  writeFileSync(
    file,
    [
      'benchmarks: [sample]',
      'systems:',
      '  - { id: text, settings: &shared { docs: all, prompt: clara } }',
      '  - { id: text, settings: { <<: *shared, docs: gold } }',
    ].join('\n'),
  );
  const { systems } = await loadSuite(file);
  assert.deepEqual(systems[1]!.settings, { docs: 'gold', prompt: 'clara' });
});
