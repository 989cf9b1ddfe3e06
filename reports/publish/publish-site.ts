import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { InputError } from '../../harness/errors.ts';
import { makeFolder } from '../../harness/files/make-folder.ts';
import { packageRoot } from '../../harness/home.ts';
import { nearest } from '../../harness/nearest.ts';
import { pageFiles } from '../page-files.ts';
import { checkReplaceable, replaceReport, type FolderKind } from '../replace-report.ts';
import { boardOf, groupEntries } from './boards-of.ts';
import type { Board } from './board.ts';
import { findReports } from './find-reports.ts';
import { findTraces } from './find-traces.ts';
import { indexPage } from './index-page.ts';
import { leaderboardFiles } from './leaderboard-page.ts';
import { listFiles } from './list-files.ts';
import { machineTraces } from './machine-traces.ts';
import { ratioName } from './rank-board.ts';
import { CRATE_FILE, roCrate } from './ro-crate.ts';
import type { Site } from './site.ts';
import { SITE_STYLE } from './site-html.ts';
import { trendsFiles } from './trends-page.ts';

/** What to publish and where to. */
export interface PublishOptions {
  /** Reports' folders, or folders of reports. */
  readonly reports: readonly string[];
  /** Folder of the site; an earlier site there is replaced. */
  readonly to: string;
  readonly metric?: string;
  /** Nominal ratio of the leaderboard as it is first seen: `4`, or `none`. */
  readonly ratio?: string;
  readonly title?: string;
  readonly baseUrl?: string;
  /** Address of the licence. */
  readonly license?: string;
  /** Texts that are no finding of the search for what tells of the machine. */
  readonly allow?: readonly string[];
}

const SITE: FolderKind = {
  name: 'site',
  mark: 'site.json',
  schema: z.looseObject({ format: z.literal(1), reports: z.array(z.string()) }),
};
/** Longer lists help nobody. */
const MAX_FOUND = 20;

/**
 * Writes a static site of reports: `index.html`, `leaderboard.html` and `trends.html` with their `assets/`, `data/` and `charts/`, each report whole under `reports/`, and `ro-crate-metadata.json`. It needs no server and no network.
 * The same reports give the same bytes. Nothing is put in place where any file tells of the machine.
 *
 * @returns the folder, and how many reports and boards it has.
 * @throws InputError where a report cannot be read, an option is wrong, the folder is not to be replaced, or a file tells of the machine (what and where).
 */
export async function publishSite(
  options: PublishOptions,
): Promise<{ folder: string; reports: number; boards: number }> {
  const { to, allow = [] } = options;
  await checkReplaceable(to, options.reports, SITE);
  const reports = await findReports(options.reports);
  const groups = groupEntries(reports);
  const boards = groups.map((group, at) => boardOf(group, `board-${at}`));
  const site: Site = {
    title: options.title ?? 'Question answering over compressed documents: reports',
    reports,
    ...checked(options, boards),
  };
  const trends = await trendsFiles(site, groups);
  const mark = { format: 1, title: site.title, reports: reports.map(({ name }) => name) };
  const files = new Map<string, string | Uint8Array>([
    ['index.html', indexPage(site)],
    ...leaderboardFiles(site, boards),
    ...trends,
    ...(await pageFiles('site')),
    [SITE_STYLE, await readFile(path.join(packageRoot, 'reports/page/site.css'))],
    [SITE.mark, `${JSON.stringify(mark, null, 2)}\n`],
  ]);
  await replaceReport(
    to,
    files,
    async (folder) => {
      for (const report of reports) await copyReport(report.folder, path.join(folder, 'reports', report.name));
      await writeFile(path.join(folder, CRATE_FILE), await roCrate(folder, site), { flush: true });
      await refuseTraces(folder, allow);
    },
    SITE,
  );
  return { folder: to, reports: reports.length, boards: boards.length };
}

/** The options that depend on what the reports have. @throws InputError with all that are wrong. */
function checked(
  { metric = 'exact-match', ratio, baseUrl, license }: PublishOptions,
  boards: readonly Board[],
): Pick<Site, 'metric' | 'ratio' | 'baseUrl' | 'license'> {
  const metrics = [...new Set(boards.flatMap(({ metrics }) => metrics.map(({ id }) => id)))];
  const ratios = [...new Set(boards.flatMap(({ rows }) => rows.map((row) => ratioName(row.ratio))))];
  const wanted = ratio === undefined || ratio === 'none' ? ratio : `${ratio.replace(/[x×]$/, '')}×`;
  const meant = nearest(metric, metrics);
  const problems = [
    ...(metrics.includes(metric) ? [] : [`--metric: expected one of ${metrics.join(', ')}, got ${JSON.stringify(metric)}${meant ? `; did you mean ${meant}?` : ''}`]),
    ...(wanted === undefined || ratios.includes(wanted) ? [] : [`--ratio: expected one that a system has (${ratios.join(', ')}), got ${JSON.stringify(ratio)}`]),
    ...[['--base-url', baseUrl], ['--license', license]].flatMap(([option, address]) =>
      address === undefined || isAddress(address) ? [] : [`${option}: expected an address that begins with https:// or http://, got ${JSON.stringify(address)}`],
    ),
  ]; // prettier-ignore
  if (problems.length > 0) throw new InputError(problems);
  return { metric, ratio: wanted, baseUrl: baseUrl?.replace(/\/*$/, '/'), license };
}

function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

async function copyReport(from: string, to: string): Promise<void> {
  for (const file of await listFiles(from)) {
    await makeFolder(path.dirname(path.join(to, file)));
    await copyFile(path.join(from, file), path.join(to, file));
  }
}

async function refuseTraces(folder: string, allow: readonly string[]): Promise<void> {
  const found = await findTraces(folder, await listFiles(folder), machineTraces(), allow);
  if (found.length === 0) return;
  const listed = found
    .slice(0, MAX_FOUND)
    .map(({ where, what, text }) => `${where}: expected nothing of this machine, got ${what}${text === undefined ? '' : ` ${JSON.stringify(text)}`}`); // prettier-ignore
  const more = found.length > MAX_FOUND ? [`and ${found.length - MAX_FOUND} more`] : [];
  throw new InputError([
    ...listed,
    ...more,
    'nothing was published; write the reports again without it, or say with --allow TEXT that a text tells nothing of this machine',
  ]);
}
