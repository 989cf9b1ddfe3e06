import type { ProgramCommit } from '../../harness/program-commit.ts';
import { dayOf, type SiteTable } from './board-table.ts';
import { short } from './boards-of.ts';
import type { PublishedReport } from './published-report.ts';
import { sitePage, siteTable } from './site-html.ts';
import type { Site } from './site.ts';

/** The page of a site that says what reports there are. */
export function indexPage(site: Site): string {
  const { title, reports, baseUrl, license } = site;
  return sitePage({
    page: 'index.html',
    site: title,
    intro: `${reports.length} ${reports.length === 1 ? 'report' : 'reports'} of question answering over compressed documents. Each can be read by itself; the leaderboard and the trends put together what may be compared.`,
    main: `<section>\n${siteTable(reportsTable(reports))}\n<p class="note">Dates are those on which the runs ended (UTC). Answers: questions scored, over all runs. The description of this site for machines is <a href="ro-crate-metadata.json">ro-crate-metadata.json</a>.</p>\n</section>`,
    baseUrl,
    description: {
      '@context': 'https://schema.org',
      '@type': 'DataCatalog',
      name: title,
      ...(baseUrl !== undefined && { '@id': baseUrl, url: baseUrl }),
      ...(license !== undefined && { license }),
      dataset: reports.map((report) => ({
        '@type': 'Dataset',
        name: report.title,
        description: report.summary,
        url: `${baseUrl ?? ''}${hrefOf(report)}`,
        temporalCoverage: datesOf(report).join('/'),
        ...(license !== undefined && { license }),
      })),
    },
  });
}

function reportsTable(reports: readonly PublishedReport[]): SiteTable {
  return {
    caption: 'Reports',
    header: 0,
    columns: [
      { label: 'Report' },
      { label: 'Runs of', kind: 'whole' },
      { label: 'Suite' },
      { label: 'Benchmarks' },
      { label: 'Models' },
      { label: 'Systems', kind: 'wide' },
      { label: 'Answers', kind: 'number' },
      { label: 'Scored by' },
      { label: 'Commit' },
    ],
    rows: reports.map((report) => {
      const { rows, scorer, program } = report;
      const dates = datesOf(report);
      return [
        { links: [{ title: report.title, href: hrefOf(report) }] },
        { text: dates[0] === dates[1] ? dates[0] : dates.join(' to ') },
        { text: listed(rows.flatMap(({ manifests }) => manifests.map(({ suite }) => suite))) },
        { text: listed(rows.map(({ benchmark }) => benchmark)) },
        { text: listed(rows.map(({ model }) => model)) },
        { text: `${rows.length}: ${listed(rows.map(({ system }) => system))}` },
        { text: rows.reduce((sum, { scored }) => sum + scored, 0).toLocaleString('en-US') },
        { text: `${scorer.preset} ${short(scorer.sha256)}` },
        { text: commitText(program) },
      ];
    }),
  };
}

/** A commit as it is told; a dash for none. */
export function commitText(program: ProgramCommit | null | undefined): string {
  return program ? `${short(program.commit)}${program.changed ? ' with changes' : ''}` : '–';
}

/** The days of a report's first run and its last. */
export function datesOf({ rows }: PublishedReport): [string, string] {
  const times = rows.flatMap(({ manifests }) => manifests.map(({ finishedAt }) => finishedAt)).sort();
  return [dayOf(times[0]!), dayOf(times.at(-1)!)];
}

/** Where a report's page lies in the site. */
export function hrefOf({ name }: PublishedReport): string {
  return `reports/${encodeURIComponent(name)}/index.html`;
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
