import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReportDocument } from '../document.ts';
import { renderHtml } from '../render-html.ts';
import { findChromium } from './find-chromium.ts';
import { printPage } from './print-page.ts';
import { steadyPdf } from './steady-pdf.ts';

/** What came of printing: how long it took, or why there is no PDF. */
export type Printed = { readonly ms: number } | { readonly reason: string };

const FILE = 'report.pdf';
/** The page while it is printed, beside the pictures and the style that it refers to. */
const PAGE = 'print.html';
/** Some thousand pages. */
const TIMEOUT_MS = 180_000;

/**
 * Prints a report into its folder, which holds its charts and assets already, as `report.pdf`. A report is whole without it: where there is no Chromium, or it fails, the reason is returned. The same
 * report printed by the same Chromium with the same fonts gives the same bytes.
 *
 * @param date Stands in the file as when it was made: when the last run was finished.
 */
export async function writePdf(folder: string, document: ReportDocument, date: Date): Promise<Printed> {
  const chromium = findChromium(process.env);
  if (!chromium) {
    const { CHROME_PATH } = process.env;
    return {
      reason: CHROME_PATH
        ? `CHROME_PATH names no program: ${CHROME_PATH}`
        : 'no Chromium found, neither by CHROME_PATH nor on the PATH (chromium, google-chrome)',
    };
  }
  const started = performance.now();
  const page = path.join(folder, PAGE);
  try {
    await writeFile(page, renderHtml(document, { scripts: false }));
    const pdf = await printPage({ chromium, page, timeoutMs: TIMEOUT_MS });
    await writeFile(path.join(folder, FILE), steadyPdf(pdf, date), { flush: true });
    return { ms: performance.now() - started };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(page, { force: true });
  }
}
