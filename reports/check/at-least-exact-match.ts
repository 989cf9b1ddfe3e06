import type { CheckedRun } from './checked-run.ts';
import type { Findings } from './findings.ts';

/** Sums of floating-point numbers may differ by less. */
const TOLERANCE = 1e-9;

/**
 * F1 and every cover exact match are at least exact match, question by question: one scorer judges all three by one list of gold answers. Where they are not, a gold answer
 * normalises to nothing ("The"), or a metric of the user's own calls itself one of them.
 */
export function atLeastExactMatch({ name, questions }: CheckedRun, findings: Findings): void {
  const exact = questions.of('exact-match');
  for (const metric of questions.metrics.filter((id) => id === 'f1' || id.startsWith('cover-exact-match'))) {
    const values = questions.of(metric);
    exact.forEach((value, at) => {
      if (Number.isNaN(value) || Number.isNaN(values[at]!)) return;
      findings.look('scores');
      if (values[at]! >= value - TOLERANCE) return;
      const id = JSON.stringify(questions.order.ids[at]);
      findings.fail(`${name}: question ${id}: expected ${metric} of at least exact match ${value}, got ${values[at]!}`);
    });
  }
}
