import type { CheckedRun } from './checked-run.ts';
import type { Findings } from './findings.ts';

const RECALL = /^recall@(\d+)$/;
/** Sums of floating-point numbers may differ by less. */
const TOLERANCE = 1e-9;

/** Recall@k does not fall as k rises, and is at most min(1, k / gold passages), question by question. */
export function recallInBounds({ name, questions, golds }: CheckedRun, findings: Findings): void {
  const cuts = questions.metrics
    .flatMap((id) => RECALL.exec(id)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other)
    .map((k) => ({ k, values: questions.of(`recall@${k}`) }));
  questions.order.ids.forEach((id, at) => {
    let below = { k: 0, value: 0 };
    for (const { k, values } of cuts) {
      const value = values[at]!;
      if (Number.isNaN(value)) continue;
      findings.look('recalls');
      const where = `${name}: question ${JSON.stringify(id)}: expected recall@${k}`;
      const ceiling = golds[at] ? Math.min(1, k / golds[at]) : 1;
      if (value > ceiling + TOLERANCE)
        findings.fail(`${where} of at most ${ceiling} (${golds[at] ?? 0} gold passages), got ${value}`);
      if (value < below.value - TOLERANCE)
        findings.fail(`${where} of at least recall@${below.k} ${below.value}, got ${value}`);
      below = { k, value };
    }
  });
}
