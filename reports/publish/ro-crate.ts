import { stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256File } from '../../harness/files/sha256.ts';
import { metricHeading } from '../metric-heading.ts';
import { datesOf } from './index-page.ts';
import { listFiles } from './list-files.ts';
import type { PublishedReport } from './published-report.ts';
import type { Site } from './site.ts';

/** By which a folder is known as an RO-Crate (https://w3id.org/ro/crate/1.1). */
export const CRATE_FILE = 'ro-crate-metadata.json';

const FORMATS: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.tex': 'application/x-tex',
  '.json': 'application/json',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.pdf': 'application/pdf',
};

/**
 * The description of a site for machines, after RO-Crate 1.1: the site and each report as a Dataset, each file with its size in bytes and its SHA-256.
 *
 * @param folder The site's folder, with all other files in it.
 * @returns JSON-LD. `datePublished` is the day of the newest run, so that the same reports give the same bytes.
 */
export async function roCrate(folder: string, { title, reports, baseUrl, license }: Site): Promise<string> {
  const files = await listFiles(folder);
  const isOf = (file: string, report: PublishedReport): boolean => file.startsWith(`reports/${report.name}/`);
  const own = files.filter((file) => !reports.some((report) => isOf(file, report)));
  const graph: object[] = [
    {
      '@id': CRATE_FILE,
      '@type': 'CreativeWork',
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
      about: { '@id': './' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: title,
      description: `Reports of question answering over compressed documents: ${reports.map((report) => report.title).join('; ')}`,
      datePublished: reports.map((report) => datesOf(report)[1]).sort().at(-1)!, // prettier-ignore
      ...(baseUrl !== undefined && { url: baseUrl }),
      ...(license !== undefined && { license: { '@id': license } }),
      mainEntity: { '@id': 'index.html' },
      hasPart: [...reports.map(({ name }) => reference(datasetId(name))), ...own.map((file) => reference(idOf(file)))],
    },
    ...(license === undefined ? [] : [{ '@id': license, '@type': 'CreativeWork', name: 'Licence', url: license }]),
  ];
  for (const report of reports) {
    const { name, summary, metrics, scorer } = report;
    graph.push({
      '@id': datasetId(name),
      '@type': 'Dataset',
      name: report.title,
      description: summary,
      temporalCoverage: datesOf(report).join('/'),
      variableMeasured: metrics.map(({ id }) => metricHeading(id)),
      measurementTechnique: `clara-bench metric preset ${scorer.preset}, code ${scorer.sha256}`,
      ...(license !== undefined && { license: { '@id': license } }),
      hasPart: files.filter((file) => isOf(file, report)).map((file) => reference(idOf(file))),
    });
  }
  for (const file of files) {
    const place = path.join(folder, file);
    const format = FORMATS[path.extname(file)];
    graph.push({
      '@id': idOf(file),
      '@type': 'File',
      name: path.posix.basename(file),
      contentSize: String((await stat(place)).size),
      sha256: await sha256File(place),
      ...(format !== undefined && { encodingFormat: format }),
    });
  }
  // The context of RO-Crate 1.1 is older than schema.org's term.
  const context = ['https://w3id.org/ro/crate/1.1/context', { sha256: 'https://schema.org/sha256' }];
  return `${JSON.stringify({ '@context': context, '@graph': graph }, null, 1)}\n`;
}

function reference(id: string): { '@id': string } {
  return { '@id': id };
}

function idOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

function datasetId(name: string): string {
  return idOf(`reports/${name}/`);
}
