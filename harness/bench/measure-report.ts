import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { writeReport } from '../../reports/write-report.ts';
import { generateRuns } from './generated-runs.ts';

/** Cells a second of a report over 100 runs of 5,000 questions (5 benchmarks x 20 systems), from reading the runs to the finished folder. Making the runs is not timed. */
export async function measureReport(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-report-'));
  try {
    const runs = path.join(folder, 'runs');
    await generateRuns(runs, { benchmarks: 5, systems: 20, questions: 5000 });
    const started = performance.now();
    await writeReport({ runs, out: path.join(folder, 'report') });
    return (1000 * 100) / (performance.now() - started);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
