import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../harness/home.ts';

/** Scripts of the page in the order in which they run: chart.js and its plugin as they are published for browsers, then the page's own. */
export const PAGE_SCRIPTS = ['assets/chart.js', 'assets/error-bars.js', 'assets/page.js'] as const;
export const PAGE_STYLE = 'assets/page.css';

const { resolve } = createRequire(import.meta.url);

/**
 * The files that the pages of a report or a site need, by their paths in its folder. Their own script is put together from `reports/page/`: a page opened from a folder runs no modules.
 *
 * @param script The script in `reports/page/` with which it begins.
 */
export async function pageFiles(script: 'main' | 'site' = 'main'): Promise<[string, string | Uint8Array][]> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: packageRoot,
    entryPoints: [`reports/page/${script}.ts`],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    write: false,
  });
  const [chart, errorBars, page] = PAGE_SCRIPTS;
  return [
    [chart, await published('chart.js', 'dist/chart.umd.min.js')],
    [errorBars, await published('chartjs-chart-error-bars', 'build/index.umd.min.js')],
    [page, outputFiles[0]!.contents],
    [PAGE_STYLE, await readFile(path.join(packageRoot, 'reports/page/page.css'))],
  ];
}

/** A file of a package, without the name of a source map that is not there. */
async function published(name: string, file: string): Promise<string> {
  const folder = folderOf(name);
  return (await readFile(path.join(folder, file), 'utf8')).replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
}

function folderOf(name: string): string {
  const entry = resolve(name);
  return entry.slice(0, entry.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length);
}
