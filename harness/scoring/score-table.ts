import { alignTable } from '../align-table.ts';
import type { MetricUnit } from '../metrics/metric.ts';
import type { Scores } from './score-files.ts';

interface Style {
  readonly suffix: string;
  readonly factor: number;
  readonly digits: number;
}

const STYLES: Record<MetricUnit, Style> = {
  share: { suffix: ' %', factor: 100, digits: 2 },
  words: { suffix: ' words', factor: 1, digits: 2 },
  tokens: { suffix: ' tokens', factor: 1, digits: 1 },
  x: { suffix: ' x', factor: 1, digits: 3 },
  ms: { suffix: ' ms', factor: 1, digits: 2 },
  bytes: { suffix: ' GiB', factor: 2 ** -30, digits: 3 },
};

/** Scores as text for a terminal: one metric a line with its 95 % interval, then what was not scored, then what the numbers were made from. */
export function scoreTable(scores: Scores): string {
  const { rows, preset, questions, scored, failures, missing, without, hashes } = scores;
  const body = rows.map(({ metric, value, low, high, n, unit, notApplicable }) => {
    const { suffix, factor, digits } = STYLES[unit];
    const format = (number: number | null): string => (number === null ? '-' : (number * factor).toFixed(digits));
    return [
      metric,
      format(value) + suffix,
      format(low),
      format(high),
      String(n),
      notApplicable ? String(notApplicable) : '',
    ];
  });
  const notApplicable = rows.some((row) => row.notApplicable > 0);
  const header = ['metric', 'value', 'low', 'high', 'n', notApplicable ? 'does not apply' : ''];
  const lines = alignTable([header, ...body]);
  if (failures > 0)
    lines.push('', `FAILURES: ${failures} of ${questions} questions could not be answered and are not scored.`);
  if (missing > 0)
    lines.push('', `MISSING: ${missing} of ${questions} questions have no prediction and are not scored.`);
  lines.push('', `${scored} of ${questions} questions scored with preset ${preset}; low and high: 95 % interval.`);
  if (without.length > 0) lines.push(`Nothing to compute ${without.join(', ')} from.`);
  for (const [file, hash] of Object.entries(hashes)) lines.push(`sha256 ${file} ${hash}`);
  return `${lines.join('\n')}\n`;
}
