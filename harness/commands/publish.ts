import path from 'node:path';
import type { CommandModule } from 'yargs';

interface Options {
  readonly reports: string[];
  readonly to: string;
  readonly metric: string;
  readonly ratio?: string;
  readonly title?: string;
  readonly 'base-url'?: string;
  readonly license?: string;
  readonly allow?: string[];
}

/** `clara-bench publish`: a static site of many reports. */
export const publishCommand: CommandModule<object, Options> = {
  command: 'publish <reports..>',
  describe: 'Make a static site of reports: an index, a leaderboard, trends, and nothing of this machine',
  builder: (yargs) =>
    yargs
      .positional('reports', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Reports’ folders, or folders of reports',
      })
      .option('to', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of the site; an earlier site there is replaced',
      })
      .option('metric', {
        type: 'string',
        default: 'exact-match',
        describe: 'Metric of the leaderboard as it is first seen, and of the trends',
      })
      .option('ratio', {
        type: 'string',
        describe: 'Nominal ratio of the leaderboard as it is first seen (4, or none for systems without one)',
      })
      .option('title', { type: 'string', describe: 'Heading of the site' })
      .option('base-url', { type: 'string', describe: 'Where the site will lie, for its descriptions' })
      .option('license', { type: 'string', describe: 'Address of the licence, for its descriptions' })
      .option('allow', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Texts that look as if they told of this machine and do not',
      })
      .example('$0 publish out/quick out/squad --to site', 'Two reports')
      .example('$0 publish out --to site --metric f1 --ratio 16', 'All reports under out/, ranked by F1 at ratio 16'),
  handler: async ({ 'base-url': baseUrl, ...options }) => {
    const { publishSite } = await import('../../reports/publish/publish-site.ts');
    const { folder, reports, boards } = await publishSite({ ...options, baseUrl });
    process.stdout.write(
      `${reports} ${reports === 1 ? 'report' : 'reports'}, ${boards} ${boards === 1 ? 'board' : 'boards'}\n${path.join(folder, 'index.html')}\n`,
    );
  },
};
