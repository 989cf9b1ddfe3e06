import { canonicalJson } from '../../harness/suite/canonical-json.ts';
import { groupBy } from '../group-by.ts';
import { givesAnswers } from '../report-row.ts';
import type { RunSummary } from './checked-run.ts';
import type { Findings } from './findings.ts';

const isOracle = ({ manifest: { settings } }: RunSummary): boolean =>
  typeof settings.docs === 'string' && (settings.docs === 'gold' || settings.docs.startsWith('oracle-'));

/** A system that is given the gold passages for certain has at least the exact match that it has with candidates, all else being equal. */
export function oracleAtLeastNormal(runs: readonly RunSummary[], findings: Findings): void {
  const withDocs = runs.filter((run) => run.manifest.settings.docs !== undefined && givesAnswers(run));
  const groups = groupBy(withDocs, ({ manifest: { system, settings, examples, model, seed } }) =>
    canonicalJson([system.id, { ...settings, docs: null }, examples.sha256, model?.hash ?? null, seed]),
  );
  for (const group of groups.values()) {
    for (const oracle of group.filter(isOracle)) {
      for (const normal of group.filter((run) => !isOracle(run))) {
        const [high, low] = [exactMatch(oracle), exactMatch(normal)];
        if (high === undefined || low === undefined) continue;
        findings.look('pairs of runs');
        if (high < low)
          findings.warn(
            `${oracle.name}: exact match ${percent(high)} is under the ${percent(low)} of ${normal.name}, which is not given the gold passages for certain`,
          );
      }
    }
  }
}

function exactMatch({ scores }: RunSummary): number | undefined {
  return scores.rows.find(({ metric }) => metric === 'exact-match')?.value;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
