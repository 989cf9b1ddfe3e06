import type { Metric } from '../../harness/metrics/metric.ts';
import type { Preset } from '../../harness/metrics/presets.ts';
import type { Section } from '../document.ts';
import { countedSeeds, scoreOf, type ReportRow } from '../report-row.ts';

/** Definitions of all that the tables and charts show. */
export function howToReadSection(rows: readonly ReportRow[], preset: Preset, metrics: readonly Metric[]): Section {
  const used = metrics.filter(({ id }) => rows.some((row) => scoreOf(row, id)));
  const systems = new Map(rows.map(({ manifest: { system } }) => [system.id, system.description]));
  const severalSeeds = rows.some((row) => countedSeeds(row) > 1);
  return {
    heading: 'How to read this',
    folded: true,
    blocks: [
      {
        kind: 'paragraph',
        text: `Every figure was computed from the stored predictions with the metric preset ${preset.id}: ${preset.description}. Figures of different presets are not comparable, though metrics have the same names.`,
      },
      {
        kind: 'list',
        items: [
          ...[...systems].map(([id, description]) => ({ term: `System ${id}`, text: description })),
          ...used.map(({ id, description }) => ({ term: id, text: description })),
          {
            term: 'Intervals',
            text: `95 %. Wilson’s score interval where every question counts 0 or 1, Student’s t interval of the mean elsewhere${severalSeeds ? '; over several training seeds those of a hierarchical bootstrap' : ''}. They say how far a figure may move with another sample of questions. Rows of one benchmark answered the same questions, so that overlapping intervals do not show that two systems are equal: a difference needs a paired test.`,
          },
          ...oneSeedItems(rows),
          {
            term: 'Ratio',
            text: 'nominal: what the system was set to; measured: tokens of the documents as text divided by the positions in the prompt that stand for them, over all questions. Charts use the measured one. A system that reads no documents has none.',
          },
          {
            term: 'Failures',
            text: 'a question on which a system failed (its prompt did not fit, memory ran out) is recorded as a failure, never scored as a wrong answer. † marks rows with failures.',
          },
        ],
      },
    ],
  };
}

/** What the rows of trained systems with a single seed do not say. */
function oneSeedItems(rows: readonly ReportRow[]): { term: string; text: string }[] {
  const trained = rows.filter(({ manifest }) => manifest.trained !== null);
  const single = trained.filter(({ seeds }) => seeds.length === 1);
  if (single.length === 0) return [];
  const which = single.length === trained.length ? 'The trained systems have' : `${names(single)} have`;
  return [
    {
      term: 'One training seed',
      text: `${which} one training seed, which says nothing of the spread of trainings: their intervals are over questions alone, and another seed may give another figure.`,
    },
  ];
}

function names(rows: readonly ReportRow[]): string {
  return [...new Set(rows.map(({ label }) => label))].join(', ');
}
