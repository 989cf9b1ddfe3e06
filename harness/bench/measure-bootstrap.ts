import { performance } from 'node:perf_hooks';
import { bootstrapInterval } from '../statistics/bootstrap-interval.ts';
import { unclustered } from '../statistics/clustered-values.ts';

/** Bootstrap samples a second of so many questions whose values are all different: the slowest case, in which nothing can be drawn by counts. */
export function measureBootstrap(questions: number, draws: number): number {
  const values = unclustered(Float64Array.from({ length: questions }, (_, at) => Math.sin(at)));
  const started = performance.now();
  bootstrapInterval(values, { draws });
  return (1000 * draws) / (performance.now() - started);
}
