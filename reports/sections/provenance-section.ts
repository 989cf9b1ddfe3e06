import path from 'node:path';
import { benchmarkName } from '../../datasets/benchmark-name.ts';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import { duration } from '../../harness/progress.ts';
import { numberCell } from '../cells.ts';
import type { CheckResult } from '../check/findings.ts';
import type { Block, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import type { FoundRuns } from '../find-runs.ts';
import { questionsText } from '../questions-text.ts';
import type { ScoredRun } from '../report-row.ts';
import { settingText } from '../run-names.ts';
import type { Training } from '../training/find-trainings.ts';
import { machineText } from '../machine-text.ts';
import { checksTable } from './checks-table.ts';

/** What everything was made with: enough to make it again and to check that it is the same. */
export function provenanceSection(
  runs: readonly ScoredRun[],
  trainings: readonly Training[],
  incomplete: FoundRuns['incomplete'],
  preset: string,
  checks: readonly CheckResult[],
): Section {
  const manifests = runs.map(({ manifest }) => manifest);
  const suites = [...new Set(manifests.map(({ suite }) => suite))].sort();
  return {
    heading: 'Provenance',
    folded: true,
    blocks: [
      {
        kind: 'list',
        items: [
          ...perValue(manifests, 'Program', ({ versions }) => `clara-bench ${versions.program}, Node ${versions.node}`),
          ...perValue(manifests, 'Machine', machineText),
          ...perValue(manifests, 'Model', ({ model }) => (model ? `${model.id}, hash ${model.hash}` : 'none')),
          ...perValue(manifests, 'Data', questionsText),
          ...perValue(
            trainings.map(({ manifest }) => manifest),
            'Training data',
            questionsText,
          ),
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
      checksTable(checks),
      runsTable(runs),
      ...trainingsTable(trainings),
      ...incompleteBlocks(incomplete),
    ],
  };
}

function runsTable(runs: readonly ScoredRun[]): Block {
  return {
    kind: 'table',
    name: 'runs',
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
    facets: runs.map(facetsOf),
    rows: runs.map(({ folder, manifest, label, benchmark, scores }) => [
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

function trainingsTable(trainings: readonly Training[]): Block[] {
  if (trainings.length === 0) return [];
  return [
    {
      kind: 'table',
      name: 'trainings',
      caption: 'Trainings',
      columns: [
        { label: 'Run' },
        { label: 'Stage' },
        { label: 'From' },
        { label: 'Model' },
        { label: 'Settings' },
        { label: 'Questions' },
        { label: 'Seed', numeric: true },
        { label: 'Machine' },
        { label: 'Finished' },
        { label: 'Working time', numeric: true },
        { label: 'Sessions', numeric: true },
        { label: 'SHA-256 of weights' },
      ],
      rows: trainings.map(({ folder, manifest }) => [
        { text: path.basename(folder) },
        { text: manifest.trainer.id },
        { text: manifest.from?.folder ?? '–' },
        { text: manifest.model ? `${manifest.model.id}, hash ${manifest.model.hash.slice(0, 16)}` : 'none' },
        { text: JSON.stringify(manifest.settings) },
        {
          text: `${benchmarkName(manifest.benchmark)} (${manifest.benchmark.split}), ${manifest.examples.count}, SHA-256 ${manifest.examples.sha256.slice(0, 16)}`,
        },
        { text: String(manifest.seed) },
        { text: machineText(manifest) },
        { text: minute(manifest.finishedAt) },
        { text: duration(manifest.wallMs / 1000) },
        { text: String(manifest.sessions) },
        { text: manifest.files.weights?.slice(0, 16) ?? 'none' },
      ]),
    },
  ];
}

function incompleteBlocks(incomplete: FoundRuns['incomplete']): Block[] {
  if (incomplete.length === 0) return [];
  return [
    {
      kind: 'table',
      name: 'unfinished',
      caption: `Not finished: ${incomplete.length} ${incomplete.length === 1 ? 'run has' : 'runs have'} no manifest and are not scored`,
      columns: [{ label: 'Run' }, { label: 'What it answers' }],
      rows: incomplete.map(({ folder, label }) => [{ text: folder }, { text: label || 'not known' }]),
    },
  ];
}

/** One list entry for each different text. */
function perValue<T>(
  manifests: readonly T[],
  term: string,
  text: (manifest: T) => string,
): { term: string; text: string }[] {
  return [...new Set(manifests.map(text))].sort().map((value) => ({ term, text: value }));
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
