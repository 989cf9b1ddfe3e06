import path from 'node:path';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import { duration } from '../../harness/progress.ts';
import { numberCell } from '../cells.ts';
import type { Block, Section } from '../document.ts';
import type { FoundRuns } from '../find-runs.ts';
import type { ReportRow } from '../report-row.ts';
import { settingText } from '../run-names.ts';
import { machineText } from './costs-section.ts';

/** What everything was made with: enough to make it again and to check that it is the same. */
export function provenanceSection(
  rows: readonly ReportRow[],
  incomplete: FoundRuns['incomplete'],
  preset: string,
): Section {
  const manifests = rows.map(({ manifest }) => manifest);
  const suites = [...new Set(manifests.map(({ suite }) => suite))].sort();
  return {
    heading: 'Provenance',
    blocks: [
      {
        kind: 'list',
        items: [
          ...perValue(manifests, 'Program', ({ versions }) => `clara-bench ${versions.program}, Node ${versions.node}`),
          ...perValue(manifests, 'Machine', machineText),
          ...perValue(manifests, 'Model', ({ model }) => (model ? `${model.id}, hash ${model.hash}` : 'none')),
          ...perValue(manifests, 'Data', dataText),
          { term: 'Dates', text: `${firstOf(manifests)} to ${lastOf(manifests)} (UTC)` },
        ],
      },
      {
        kind: 'code',
        text: [
          ...suites.map((suite) => `clara-bench run ${suite}.yaml`),
          `clara-bench report runs --out report --preset ${preset}`,
        ].join('\n'),
      },
      runsTable(rows),
      ...incompleteBlocks(incomplete),
    ],
  };
}

function runsTable(rows: readonly ReportRow[]): Block {
  return {
    kind: 'table',
    caption: 'Runs',
    columns: [
      { label: 'Run' },
      { label: 'System' },
      { label: 'Benchmark' },
      { label: 'Settings' },
      { label: 'Seed', numeric: true },
      { label: 'Answered', numeric: true },
      { label: 'Failed', numeric: true },
      { label: 'Finished' },
      { label: 'Working time', numeric: true },
      { label: 'Sessions', numeric: true },
      { label: 'SHA-256 of predictions' },
    ],
    rows: rows.map(({ folder, manifest, label, benchmark, scores }) => [
      { text: path.basename(folder) },
      { text: label },
      { text: benchmark },
      { text: settingText(manifest).replaceAll(';', '; ') },
      { text: String(manifest.seed) },
      numberCell(scores.scored, 0),
      scores.failures > 0 ? { text: String(scores.failures), mark: 'failed' } : { text: '0' },
      { text: minute(manifest.finishedAt) },
      { text: duration(manifest.wallMs / 1000) },
      { text: String(manifest.sessions) },
      { text: manifest.files.predictions.slice(0, 16) },
    ]),
  };
}

function incompleteBlocks(incomplete: FoundRuns['incomplete']): Block[] {
  if (incomplete.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: `Not finished: ${incomplete.length} ${incomplete.length === 1 ? 'run has' : 'runs have'} no manifest and are not scored`,
      columns: [{ label: 'Run' }, { label: 'What it answers' }],
      rows: incomplete.map(({ folder, label }) => [{ text: folder }, { text: label || 'not known' }]),
    },
  ];
}

/** One list entry for each different text. */
function perValue(
  manifests: readonly RunManifest[],
  term: string,
  text: (manifest: RunManifest) => string,
): { term: string; text: string }[] {
  return [...new Set(manifests.map(text))].sort().map((value) => ({ term, text: value }));
}

function dataText({ benchmark, examples, selection }: RunManifest): string {
  const chosen =
    selection.limit === null
      ? 'all questions'
      : `${selection.limit} questions at most, ${selection.rule === 'first' ? 'the first ones' : `drawn with seed ${selection.seed}`}`;
  const file = benchmark.file
    ? `${path.basename(benchmark.file)}, SHA-256 ${benchmark.sha256}`
    : `module, SHA-256 ${benchmark.sha256}`;
  return `${benchmark.id} (${benchmark.split}): ${file}; ${chosen}: ${examples.count}, SHA-256 of the questions ${examples.sha256}`;
}

function firstOf(manifests: readonly RunManifest[]): string {
  return minute(manifests.map(({ startedAt }) => startedAt).reduce((one, other) => (one < other ? one : other)));
}

function lastOf(manifests: readonly RunManifest[]): string {
  return minute(manifests.map(({ finishedAt }) => finishedAt).reduce((one, other) => (one > other ? one : other)));
}

/** A time stamp to the minute. */
function minute(stamp: string): string {
  return new Date(stamp).toISOString().slice(0, 16).replace('T', ' ');
}
