import { atlasDials } from './atlas/dials.ts';

/** What tells a benchmark from others: its id, and the dials of a generated one. */
interface NamedBenchmark {
  readonly id: string;
  readonly dials?: Readonly<Record<string, unknown>>;
}

/** How a benchmark is called: `hotpotqa`, or `atlas (documents 8, shared 1)` with the dials that are not at their defaults. */
export function benchmarkName({ id, dials = {} }: NamedBenchmark): string {
  const defaults: Record<string, unknown> = atlasDials.parse({});
  const turned = Object.entries(dials).filter(([dial, value]) => value !== defaults[dial]);
  return turned.length > 0 ? `${id} (${turned.map(([dial, value]) => `${dial} ${String(value)}`).join(', ')})` : id;
}
