import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { Printed } from '../../reports/pdf/write-pdf.ts';
import { Progress } from '../progress.ts';
import { finishedRuns } from './finished-runs.ts';

interface Options {
  readonly runs: string[];
  readonly out: string;
  readonly preset?: string;
  readonly title?: string;
  readonly suite?: string;
  readonly claims?: string;
  readonly against?: string;
  readonly 'allow-mixed': boolean;
  readonly pdf: boolean;
}

/** `clara-bench report`: tables, charts, CSV and pages from finished runs. */
export const reportCommand: CommandModule<object, Options> = {
  command: 'report <runs..>',
  describe: 'Write a report from finished runs: HTML, Markdown, PDF, CSV, LaTeX, charts',
  builder: async (yargs) => {
    const { presets } = await import('../metrics/presets.ts');
    return yargs
      .positional('runs', finishedRuns.runs)
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of the report; an earlier report there is replaced',
      })
      .option('preset', {
        type: 'string',
        describe: `Whose metric definitions (${presets.map(({ id }) => id).join(', ')}); default: as the runs’ suite says`,
      })
      .option('title', { type: 'string', describe: 'Heading of the report' })
      .option('suite', finishedRuns.suite)
      .option('claims', {
        type: 'string',
        describe:
          'File of claims (YAML): the sentences on top of the report, each recomputed, or refused with the reason',
      })
      .option('against', {
        type: 'string',
        describe:
          'Set the report against the published figures of CLaRa’s paper (paper), or against the same cells of other runs (a folder), question by question',
      })
      .option('allow-mixed', {
        type: 'boolean',
        default: false,
        describe:
          'Show runs of other questions, prompts or weights under one name as well (with --against also of the other runs), under a warning',
      })
      .option('pdf', {
        type: 'boolean',
        default: true,
        describe:
          'Print report.pdf, by the Chromium that CHROME_PATH names or that is on the PATH; --no-pdf leaves it out',
      })
      .example('$0 report runs --out report', 'Everything that is finished under runs/')
      .example(
        '$0 report runs --suite small-text --preset clara --out report',
        'One suite, scored as CLaRa’s evaluate.py does',
      )
      .example(
        '$0 report runs --against paper --preset clara --out report',
        'Published figures beside ours, by the paper’s own metric definitions, with what differs',
      )
      .example(
        '$0 report runs --against ../before/runs --out report',
        'What a change did: paired tests with the runs before it',
      );
  },
  handler: async ({ 'allow-mixed': allowMixed, ...options }) => {
    const { writeReport } = await import('../../reports/write-report.ts');
    const progress = new Progress({ label: 'scoring', unit: 'runs' });
    const { folder, table, printed } = await writeReport({
      ...options,
      allowMixed,
      onScored: (done) => progress.update(done),
    });
    progress.finish();
    if (printed) process.stderr.write(`report.pdf: ${printedText(printed)}\n`);
    process.stdout.write(`${table}\n${path.join(folder, 'index.html')}\n`);
  },
};

function printedText(printed: Printed): string {
  return 'ms' in printed ? `printed in ${(printed.ms / 1000).toFixed(1)} s` : `not printed: ${printed.reason}`;
}
