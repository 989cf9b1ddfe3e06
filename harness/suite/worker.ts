// A process that does the jobs of a suite, started by run-workers.ts. It may be killed at any moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { problemsOf } from './training-failure.ts';
import { JobWork } from './job-work.ts';
import type { PlannedJob } from './planned-job.ts';
import type { WorkEvent, WorkOrder } from './worker-protocol.ts';

/** How often a job that another process works on is looked at. */
const POLL_MS = 500;

// Whoever started this process is gone: it must not go on unseen.
const orphaned = (): never => process.exit(1);
process.once('disconnect', orphaned);
process.once('message', (order: WorkOrder) => {
  work(order).then(
    () => {
      process.off('disconnect', orphaned);
      process.disconnect();
    },
    (error: unknown) =>
      process.send!({ type: 'error', ...problemsOf(error) } satisfies WorkEvent, () => process.exit(1)),
  );
});

async function work(order: WorkOrder): Promise<void> {
  const tell = (event: WorkEvent): void => void process.send!(event);
  const jobs = new JobWork(order, tell);
  for (let left = order.jobs; left.length > 0;) {
    const busy: PlannedJob[] = [];
    for (const plan of left) if (!(await jobs.try(plan))) busy.push(plan);
    if (busy.length > 0) {
      tell({ type: 'waiting', keys: busy.map(({ job }) => job.key) });
      await sleep(POLL_MS);
    }
    left = busy;
  }
  jobs.close();
}
