import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildEngine } from '../../../harness/engine/setup/build-engine.ts';
import { buildInStage } from '../../../harness/engine/setup/build-in-stage.ts';
import { tfjsFolder } from '../../../harness/engine/setup/addon-link.ts';
import { checkAddon } from '../../../harness/engine/setup/check-addon.ts';
import { HEADERS, LIBRARIES } from '../../../harness/engine/setup/compile-addon.ts';
import { engineWheels } from '../../../harness/engine/setup/engine-wheels.ts';
import { findCompiler } from '../../../harness/engine/setup/find-compiler.ts';
import { MachineError } from '../../../harness/errors.ts';
import { findPip } from '../../../harness/files/find-pip.ts';
import { packageRoot } from '../../../harness/home.ts';
import { writeWheel } from '../files/write-wheel.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'setup-'));
  process.env.PIP_NO_INDEX = '1';
  process.env.PIP_FIND_LINKS = folder;
});
after(() => rm(folder, { recursive: true }));

test('a half-finished folder is replaced, a finished one is kept, a failed build leaves nothing', async () => {
  const target = path.join(folder, 'staged', 'engine-1.0');
  const isWhole = (found: string) => spawnSync('test', ['-e', path.join(found, 'done')]).status === 0;
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, 'half'), '');
  await buildInStage(target, isWhole, (stage) => writeFile(path.join(stage, 'done'), 'first'));
  assert.deepEqual(await readdir(target), ['done']);

  await buildInStage(target, isWhole, (stage) => writeFile(path.join(stage, 'done'), 'second'));
  assert.equal(await readFile(path.join(target, 'done'), 'utf8'), 'first');

  const failing = buildInStage(path.join(folder, 'staged', 'other'), isWhole, async (stage) => {
    await writeFile(path.join(stage, 'half'), '');
    throw new Error('no compiler');
  });
  await assert.rejects(failing, /no compiler/);
  assert.deepEqual(await readdir(path.join(folder, 'staged')), ['engine-1.0']);
});

test('two processes may build the same folder at once', async () => {
  const target = path.join(folder, 'twice', 'engine');
  const isWhole = () => true;
  const build = (name: string) => (stage: string) => writeFile(path.join(stage, 'done'), name);
  await Promise.all(['a', 'b', 'c'].map((name) => buildInStage(target, isWhole, build(name))));
  assert.match(await readFile(path.join(target, 'done'), 'utf8'), /^[abc]$/);
  assert.deepEqual(await readdir(path.dirname(target)), ['engine']);
});

test('what a killed set-up left is taken away, what a living one works in is not', async () => {
  const parent = path.join(folder, 'swept');
  const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const dead = `engine-2.21.0.${host}.${ended}.abcd.part`;
  const alive = `engine-2.21.0.${host}.${process.pid}.abcd.part`;
  const elsewhere = `engine-2.21.0.another-host.${ended}.abcd.part`;
  for (const name of [dead, alive, elsewhere]) await mkdir(path.join(parent, name), { recursive: true });
  await buildInStage(
    path.join(parent, 'engine'),
    () => true,
    async () => undefined,
  );
  assert.deepEqual((await readdir(parent)).sort(), [alive, elsewhere, 'engine'].sort());
});

test('a wheel that lacks a library, or whose add-on does not compile, is refused with the reason, and nothing is left', async () => {
  const [pip, compiler] = await Promise.all([findPip(), findCompiler()]);
  assert.ok(pip && compiler, 'the tests need Python 3 with pip and a C++ compiler');
  const files = [...LIBRARIES, ...HEADERS].map((name) => ({ name, content: '#error "no such API"\n' }));
  const home = path.join(folder, 'engines');
  const build = (wheel: Awaited<ReturnType<typeof writeWheel>>) =>
    buildEngine(path.join(home, 'engine'), 'cpu', [wheel], { pip, compiler }, tfjsFolder(), () => undefined);

  const whole = await writeWheel(folder, 'fake_engine-1.0-py3-none-any.whl', files);
  await assert.rejects(build(whole), (error) => {
    assert.ok(error instanceof MachineError);
    assert.match(error.problems[0]!, /could not compile the TensorFlow add-on$/);
    assert.match(error.message, /no such API/);
    return true;
  });
  const partial = await writeWheel(folder, 'fake_engine-1.2-py3-none-any.whl', files.slice(1));
  await assert.rejects(build(partial), /libtensorflow_cc\.so\.2 not in it/);
  assert.deepEqual(await readdir(home), []);
});

test('an add-on that does not load is refused with the loader’s reason', async () => {
  const broken = path.join(folder, 'broken.node');
  await writeFile(broken, 'not a library');
  await assert.rejects(checkAddon(broken), /broken\.node does not load here: .*(too short|invalid|not a mach-o)/i);
});

test('without Python, compiler and network everything missing is named with what installs it', async () => {
  const packageFolder = path.join(folder, 'package');
  await mkdir(packageFolder);
  for (const part of ['package.json', 'scripts']) {
    await cp(path.join(tfjsFolder(), part), path.join(packageFolder, part), { recursive: true });
  }
  const program = `
    import { setUpEngine } from './harness/engine/setup/set-up-engine.ts';
    const note = (text) => process.stdout.write(text + '\\n');
    try { await setUpEngine('cpu', { home: ${JSON.stringify(path.join(folder, 'empty'))}, packageFolder: ${JSON.stringify(packageFolder)}, note }); }
    catch (error) { process.stdout.write(error.name + '\\n' + error.problems.join('\\n')); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: packageRoot,
    encoding: 'utf8',
    env: {
      PATH: '',
      HOME: folder,
      NODE_PATH: path.join(tfjsFolder(), '..', '..'),
      TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9/',
    },
  });
  const [, problems] = stdout.split('MachineError\n');
  assert.match(
    problems ?? stderr,
    /^Python 3 with pip is missing; install it with: sudo apt-get install python3 python3-pip/m,
  );
  assert.match(problems!, /^a C\+\+ compiler is missing; install one with: sudo apt-get install g\+\+/m);
  assert.match(problems!, /^the package's own download failed: .*ECONNREFUSED/m);
});

test('every wheel is pinned, and each machine gets its own or none', () => {
  const x64 = { platform: 'linux', arch: 'x64' };
  for (const device of ['cpu', 'gpu'] as const) {
    for (const { file, sha256, bytes } of engineWheels(device, x64)!) {
      assert.match(file, /^\w+-[\d.]+-(cp311-cp311|py3-none)-[\w.]*x86_64\.whl$/);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(bytes > 1e6);
    }
  }
  assert.equal(engineWheels('gpu', x64)!.length, 13);
  assert.match(engineWheels('cpu', { platform: 'linux', arch: 'arm64' })![0]!.file, /aarch64/);
  assert.equal(engineWheels('gpu', { platform: 'linux', arch: 'arm64' }), undefined);
  assert.equal(engineWheels('cpu', { platform: 'darwin', arch: 'arm64' }), undefined);
});

test('the command line does not load the engine by itself: setup has to run where there is none', () => {
  const program = path.join(packageRoot, 'harness', 'clara-bench.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'setup', '--help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '--no-addons' },
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /clara-bench setup --device gpu/);
});
