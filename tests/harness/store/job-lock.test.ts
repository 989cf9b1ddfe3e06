import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { JobLock } from '../../../harness/store/job-lock.ts';

function temporaryLock(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'lock');
}

/** Starts a process that contends for the lock. */
function contender(file: string, ms: number): { child: ChildProcess; output: () => string } {
  const script = path.join(import.meta.dirname, 'hold-lock.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, file, String(ms)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

test('one holder at a time; released, it is free, and nothing stays behind', (context) => {
  const file = temporaryLock(context);
  const lock = JobLock.tryAcquire(file)!;
  assert.ok(lock.held());
  assert.equal(JobLock.tryAcquire(file), undefined);
  lock.release();
  assert.equal(lock.held(), false);
  const again = JobLock.tryAcquire(file)!;
  lock.release();
  assert.ok(again.held(), 'a second release of an old holding leaves the new one alone');
  again.release();
  assert.deepEqual(readdirSync(path.dirname(file)), []);
});

test('the lock of a process that was killed is taken over, also through claims of processes that were killed', async (context) => {
  const file = temporaryLock(context);
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const dead = (digit: string): string => {
    const host = (JSON.parse(readFileSync(`${file}.living`, 'utf8')) as { host: string }).host;
    return JSON.stringify({ token: digit.repeat(32), host, pid: child.pid, started: 'then' });
  };
  JobLock.tryAcquire(`${file}.living`);
  writeFileSync(file, dead('1'));
  writeFileSync(`${file}.${'1'.repeat(32)}.claim`, dead('2'));
  const lock = JobLock.tryAcquire(file)!;
  assert.ok(lock.held());
  assert.equal(JobLock.tryAcquire(file), undefined);
  assert.deepEqual(readdirSync(path.dirname(file)).sort(), ['lock', 'lock.living']);
});

test('a claim of a living process on a dead lock is honoured', (context) => {
  const file = temporaryLock(context);
  JobLock.tryAcquire(`${file}.${'1'.repeat(32)}.claim`);
  const { host } = JSON.parse(readFileSync(`${file}.${'1'.repeat(32)}.claim`, 'utf8')) as { host: string };
  writeFileSync(file, JSON.stringify({ token: '1'.repeat(32), host, pid: process.pid, started: 'another boot' }));
  assert.equal(JobLock.tryAcquire(file), undefined);
});

test("another host's lock is honoured until its heartbeat is old", (context) => {
  const file = temporaryLock(context);
  writeFileSync(file, JSON.stringify({ token: '3'.repeat(32), host: 'elsewhere', pid: 1, started: '' }));
  assert.equal(JobLock.tryAcquire(file), undefined);
  const old = new Date(Date.now() - 60 * 60_000);
  utimesSync(file, old, old);
  const lock = JobLock.tryAcquire(file)!;
  assert.ok(lock.held());
  const before = new Date(0);
  utimesSync(file, before, before);
  lock.beat();
  assert.equal(JobLock.tryAcquire(file), undefined);
});

test('processes that contend and are killed at random moments are never in it together', async (context) => {
  const file = temporaryLock(context);
  const stays = Array.from({ length: 2 }, () => contender(file, 3500));
  // Asked for now: on a busy machine they can be done before the last kill.
  const exits = stays.map(({ child }) => once(child, 'exit'));
  await Promise.all(stays.map(({ child }) => once(child.stdout!, 'data')));
  for (let kill = 0; kill < 3; kill++) {
    const { child } = contender(file, 10_000);
    await once(child.stdout!, 'data');
    // Killed only while another is inside or nobody is: a mark that the killed one left would look like a holder to the others.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
    child.kill('SIGSTOP');
    const holder = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (holder.includes(`"pid":${child.pid},`)) rmSync(`${file}.inside`, { force: true });
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const codes = (await Promise.all(exits)).map(([code]) => code as number);
  assert.deepEqual(codes, [0, 0]);
  for (const { output } of stays) assert.ok(Number(output().split('\n')[1]) > 10, output());
});
