// A process that tries for a lock (its one argument) again and again, and while it holds it, checks that nobody else does. Prints how often it had it.
import { closeSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JobLock } from '../../../harness/store/job-lock.ts';

const file = process.argv[2]!;
const until = Date.now() + Number(process.argv[3]);
let held = 0;
process.stdout.write('ready\n');
while (Date.now() < until) {
  const lock = JobLock.tryAcquire(file);
  if (lock) {
    held++;
    // Fails where another process is in here; a holder that was killed in here leaves the file, which only the parent may see.
    const inside = `${file}.inside`;
    closeSync(openSync(inside, 'wx'));
    await sleep(1);
    rmSync(inside);
    lock.release();
  }
  await sleep(Math.random() * 2);
}
process.stdout.write(`${held}\n`);
