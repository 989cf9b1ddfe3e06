import path from 'node:path';
import type { Section } from '../document.ts';
import type { Run } from '../find-runs.ts';
import { compareWithPaper, type PaperMatch } from '../paper/compare-with-paper.ts';
import { PAPER } from '../paper/load-published.ts';
import type { ReportRow } from '../report-row.ts';
import { otherRunsSection, otherRunsSummary } from '../sections/other-runs-section.ts';
import { paperSection, paperSummary } from '../sections/paper-section.ts';
import type { FoundTrainings } from '../training/find-trainings.ts';
import { withoutPlaces } from '../without-places.ts';
import { compareWithRuns, type CompareWithRunsOptions, type RunsMatch } from './compare-with-runs.ts';
import type { Against } from './read-against.ts';

/** What comes of setting a report against something. */
export interface SetAgainst {
  /** In a sentence, for a terminal. */
  readonly summary: string;
  readonly section: Section;
  /** The same for `data.json`. */
  readonly data: object;
  /** What it was set against, for `manifest.json`. */
  readonly source: object;
}

/** A report's rows and runs, and how they are scored. */
export interface SetAgainstOptions extends Omit<CompareWithRunsOptions, 'others'> {
  readonly rows: readonly ReportRow[];
  readonly trained: FoundTrainings;
}

/** Sets a report against the paper or other runs. @throws InputError where other runs have no cell of the report, or must not stand beside it. */
export async function setAgainst(against: Against, options: SetAgainstOptions): Promise<SetAgainst> {
  const { rows, preset, trained } = options;
  if (against.kind === 'paper') {
    const match = await compareWithPaper(rows, preset, trained);
    return {
      summary: paperSummary(match),
      section: paperSection(match),
      data: paperData(match),
      source: { kind: 'paper', source: PAPER },
    };
  }
  const match = await compareWithRuns({ ...options, others: against.runs });
  return {
    summary: otherRunsSummary(match),
    section: otherRunsSection(match, rows),
    data: runsData(match),
    source: { kind: 'runs', runs: match.others.map(({ manifest }) => withoutPlaces(manifest)) },
  };
}

function paperData({ comparisons, unmatched }: PaperMatch): object {
  return {
    kind: 'paper',
    source: PAPER,
    comparisons: comparisons.map(({ row, score, published, ...rest }) => ({
      ...nameOf(row),
      score,
      published,
      ...rest,
    })),
    unmatched: unmatched.map(({ row, reason }) => ({ ...nameOf(row), reason })),
  };
}

function nameOf({ seeds, label, benchmark, model, manifest: { ratio } }: ReportRow): object {
  return { runs: namesOf(seeds), label, benchmark, model, ratio };
}

function runsData({ comparisons, others, ...rest }: RunsMatch): object {
  return {
    kind: 'runs',
    runs: namesOf(others),
    ...rest,
    comparisons: comparisons.map(({ cells: { one, other }, metric, ...row }) => ({
      runs: namesOf(one.runs),
      others: namesOf(other.runs),
      metric: metric.id,
      ...row,
    })),
  };
}

function namesOf(runs: readonly Run[]): string[] {
  return runs.map(({ folder }) => path.basename(folder));
}
