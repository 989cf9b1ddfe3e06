import { access, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../harness/errors.ts';
import { REPORT_MARK } from '../replace-report.ts';
import { readReport, type PublishedReport } from './published-report.ts';

/** Characters of a folder's name in the site: what every host and file system takes as it is. */
const UNSAFE = /[^a-z0-9._]+/g;

/**
 * The reports in the given folders: each is a report's folder or a folder of them. They come in the order given, those of one folder by name, each folder once.
 *
 * @throws InputError with everything that is wrong: no folder, no report in it, a report that cannot be read.
 */
export async function findReports(places: readonly string[]): Promise<PublishedReport[]> {
  const problems: string[] = [];
  const tried = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const folders: string[] = [];
  for (const place of places) folders.push(...((await tried(reportFolders(place))) ?? []));
  const reports: PublishedReport[] = [];
  const names = new Set<string>();
  for (const folder of new Map(folders.map((folder) => [path.resolve(folder), folder])).values()) {
    const report = await tried(readReport(folder, freeName(folder, names)));
    if (report) reports.push(report);
  }
  if (problems.length > 0) throw new InputError(problems);
  return reports;
}

async function reportFolders(place: string): Promise<string[]> {
  const wanted = `expected a report's folder (with a ${REPORT_MARK}, as clara-bench report writes it) or a folder of reports`;
  const found = await stat(place).catch(() => undefined);
  if (!found?.isDirectory()) throw new InputError(`${place}: ${wanted}, got ${found ? 'a file' : 'nothing there'}`);
  if (await isReport(place)) return [place];
  const entries = await readdir(place, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(place, name));
  const marked = await Promise.all(folders.map(isReport));
  const reports = folders.filter((_, at) => marked[at]).sort();
  if (reports.length === 0) throw new InputError(`${place}: ${wanted}, got a folder without any`);
  return reports;
}

function isReport(folder: string): Promise<boolean> {
  return access(path.join(folder, REPORT_MARK)).then(
    () => true,
    () => false,
  );
}

/** The folder's own name, made safe, with a number where it is taken. */
function freeName(folder: string, taken: Set<string>): string {
  const stem = path.basename(path.resolve(folder)).toLowerCase().replace(UNSAFE, '-').replace(/^[-.]+|[-.]+$/g, '') || 'report'; // prettier-ignore
  let name = stem;
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}`;
  taken.add(name);
  return name;
}
