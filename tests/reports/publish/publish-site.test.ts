import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { InputError } from '../../../harness/errors.ts';
import { sha256File } from '../../../harness/files/sha256.ts';
import { packageRoot } from '../../../harness/home.ts';
import { publishSite, type PublishOptions } from '../../../reports/publish/publish-site.ts';
import { writeReport } from '../../../reports/write-report.ts';
import { findChromium } from '../find-chromium.ts';
import { makeRun, plainExamples } from '../make-runs.ts';

const TITLE = '</script><img src="x" onerror="window.hacked = 1"> & second';
const HOSTILE = '<svg onload=window.hacked=1>';
const examples = Array.from({ length: 5 }, (_, at) => plainExamples(`q${at}-`)).flat();
const COUNT = examples.length;

/** An environment of somebody's machine. */
const environment = {
  PATH: process.env.PATH,
  HOME: '/srv/people/jane_doe',
  USER: 'jane_doe',
  HOSTNAME: 'gpu-node-17',
  SERVICE_TOKEN: 'correcthorse',
};

let folder: string;
let site: string;

function publish(...given: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(packageRoot, 'harness/clara-bench.js'), 'publish', ...given],
    { encoding: 'utf8', env: environment },
  );
  return { code: status, out: stdout, err: stderr };
}

/** Of the days' runs. */
const commits = { '2026-11-20': 'a', '2026-11-24': 'b' } as const;

/** Some systems on one day: how many questions each has right. */
async function makeDay(
  runs: string,
  day: keyof typeof commits,
  right: Record<string, [count: number, ratio?: number]>,
): Promise<void> {
  for (const [system, [count, ratio]] of Object.entries(right)) {
    await makeRun(runs, {
      system,
      ratio,
      examples,
      settings: { docs: 'all' },
      answer: ({ answers }, at) => (at < count ? answers[0]! : `wrong on ${day}`),
      tokens: { source: 160, vectors: 160 / (ratio ?? 1) },
      manifest: {
        finishedAt: `${day}T08:00:00.000Z`,
        versions: {
          program: '0.1.0',
          commit: { commit: commits[day].repeat(40), changed: false },
          node: '24.0.0',
          tensorflow: null,
        },
      },
    });
  }
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-publish-'));
  const reports = path.join(folder, 'reports');
  const day = (name: string): string => path.join(folder, 'runs', name);
  await makeDay(day('one'), '2026-11-20', { 'text-lora': [50], clara: [48, 4], 'mean-pool': [20, 4] });
  await makeDay(day('two'), '2026-11-24', { 'text-lora': [50], clara: [30, 4], [HOSTILE]: [47, 16] });
  await writeReport({ runs: day('one'), out: path.join(reports, 'First Report'), title: 'First' });
  await writeReport({ runs: day('two'), out: path.join(reports, 'second'), title: TITLE });
  site = path.join(folder, 'site');
});
after(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe('publish', () => {
  test('writes a site that holds the reports as they are, and the same bytes again', async () => {
    const given = [path.join(folder, 'reports'), '--to', site, '--title', 'All <b>reports</b>', '--license', 'https://example.org/cc', '--base-url', 'https://example.org/bench']; // prettier-ignore
    const { code, out, err } = publish(...given);
    assert.equal(code, 0, err);
    assert.equal(out, `2 reports, 1 board\n${path.join(site, 'index.html')}\n`);
    for (const [from, to] of [['First Report', 'first-report'], ['second', 'second']] as const) {
      const place = path.join(folder, 'reports', from);
      for (const name of await readdir(place, { recursive: true })) {
        if (!(await stat(path.join(place, name))).isFile()) continue;
        assert.deepEqual(await readFile(path.join(site, 'reports', to, name)), await readFile(path.join(place, name)));
      }
    } // prettier-ignore
    const files = (await readdir(site, { recursive: true })).sort();
    const hashes = async (): Promise<string[]> =>
      Promise.all(files.map(async (name) => (name.includes('.') ? sha256File(path.join(site, name)) : name)));
    const first = await hashes();
    assert.equal(publish(...given).code, 0);
    assert.deepEqual((await readdir(site, { recursive: true })).sort(), files);
    assert.deepEqual(await hashes(), first);
  });

  test('describes every file but the description in an RO-Crate, by size and hash', async () => {
    interface Entity {
      readonly '@id': string;
      readonly '@type': string;
      readonly [name: string]: unknown;
    }
    const crate = JSON.parse(await readFile(path.join(site, 'ro-crate-metadata.json'), 'utf8')) as { '@context': unknown[]; '@graph': Entity[] }; // prettier-ignore
    assert.equal(crate['@context'][0], 'https://w3id.org/ro/crate/1.1/context');
    const of = new Map(crate['@graph'].map((entity) => [entity['@id'], entity]));
    const [descriptor, root] = [of.get('ro-crate-metadata.json')!, of.get('./')!];
    assert.deepEqual(descriptor.conformsTo, { '@id': 'https://w3id.org/ro/crate/1.1' });
    assert.deepEqual(descriptor.about, { '@id': './' });
    assert.equal(root.name, 'All <b>reports</b>');
    assert.equal(root.datePublished, '2026-11-24');
    assert.deepEqual(root.license, { '@id': 'https://example.org/cc' });
    assert.equal(of.get('reports/second/')!.name, TITLE);
    const parts = (id: string): string[] => (of.get(id)!.hasPart as Entity[]).map((part) => part['@id']);
    const listed = [...parts('./'), ...parts('reports/second/'), ...parts('reports/first-report/')];
    const wanted: string[] = [];
    for (const name of await readdir(site, { recursive: true })) {
      const file = path.join(site, name);
      const about = await stat(file);
      if (!about.isFile() || name === 'ro-crate-metadata.json') continue;
      const id = name.split(path.sep).map(encodeURIComponent).join('/');
      wanted.push(id);
      assert.equal(of.get(id)?.contentSize, String(about.size), id);
      assert.equal(of.get(id)?.sha256, await sha256File(file), id);
    }
    assert.deepEqual(listed.filter((id) => of.get(id)!['@type'] === 'File').sort(), wanted.sort());
  });

  test('refuses a report that tells of the machine, says what and where, and leaves the site as it was', async () => {
    const reports = path.join(folder, 'told');
    const told = path.join(reports, 'second');
    await cp(path.join(folder, 'reports', 'second'), told, { recursive: true });
    const planted: [file: string, text: string, what: RegExp][] = [
      ['report.md', 'read from /data/people/runs', /reports\/second\/report\.md:\d+: .* an absolute path "\/data\/people\/runs"/],
      ['results.csv', 'x,/srv/people/jane_doe,1', /results\.csv:\d+: .* the home folder "\/srv\/people\/jane_doe"/],
      ['index.html', '<!-- by jane_doe -->', /second\/index\.html:\d+: .* the user name "jane_doe"/],
      ['data.js', 'give("gpu-node-17")', /data\.js:1: .* the host name "gpu-node-17"/],
      ['tables/a.tex', 'correcthorse', /tables\/a\.tex:1: .* the value of the environment variable SERVICE_TOKEN$/m],
    ]; // prettier-ignore
    await mkdir(path.join(told, 'tables'), { recursive: true });
    for (const [file, text] of planted) await appendFile(path.join(told, file), text);
    const before = await sha256File(path.join(site, 'ro-crate-metadata.json'));
    const { code, out, err } = publish(reports, '--to', site);
    assert.equal(code, 2);
    assert.equal(out, '');
    for (const [, , what] of planted) assert.match(err, what);
    assert.doesNotMatch(err, /correcthorse/);
    assert.equal(await sha256File(path.join(site, 'ro-crate-metadata.json')), before);
    assert.deepEqual((await readdir(folder)).sort(), ['reports', 'runs', 'site', 'told']);
  });

  test('refuses what is no report, a folder that is no site, and options that no report has, all at once where it can', async () => {
    const other = path.join(folder, 'other');
    await mkdir(other);
    await writeFile(path.join(other, 'thesis.tex'), 'years of work');
    const reports = path.join(folder, 'reports');
    const refused: [options: PublishOptions, problem: RegExp][] = [
      [{ reports: [reports], to: other }, /expected a new name, an empty folder or an earlier site \(with a site\.json\)/],
      [{ reports: [reports], to: reports }, /expected a folder of its own for the site/],
      [{ reports: [other, path.join(folder, 'nothing')], to: `${site}-2` }, /other: .*got a folder without any\n.*nothing: .*got nothing there/],
      [{ reports: [reports], to: `${site}-2`, metric: 'exactmatch', ratio: '5', baseUrl: 'javascript:1' }, /--metric: .*did you mean exact-match\?\n.*--ratio: .*none, 4×, 16×.*\n.*--base-url: expected an address/],
    ]; // prettier-ignore
    for (const [options, problem] of refused) {
      await assert.rejects(publishSite(options), (error) => error instanceof InputError && problem.test(error.message));
    }
    assert.equal(await readFile(path.join(other, 'thesis.tex'), 'utf8'), 'years of work');
    await assert.rejects(access(`${site}-2`));
  });
});

describe('the pages of a site', () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const open = async (file: string): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(site).href}/${file}`);
    await page.locator('html.scripted').waitFor();
  };
  const column = (at: number): Promise<string[]> =>
    page.locator(`tbody tr:not([hidden]) > :nth-child(${at})`).allInnerTexts();

  before(async () => {
    const program = findChromium();
    assert.ok(program, 'expected a Chromium for the tests of pages, found none: see page.test.ts');
    browser = await chromium.launch({ executablePath: program, timeout: 120_000 });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
  });

  test('the leaderboard ranks the systems of all reports and tells how each is known to stand', async () => {
    await open('leaderboard.html');
    const percent = (right: number): RegExp => new RegExp(`^${((100 * right) / COUNT).toFixed(1).replace('.', '\\.')} \\[`);
    assert.deepEqual(await column(2), ['text-lora', 'text-lora', 'clara 4×', `${HOSTILE} 16×`, 'clara 4×', 'mean-pool 4×']);
    assert.deepEqual(await column(1), ['1', '1=', '1=', '1=', '5', '6']);
    const scores = await column(3);
    [50, 50, 48, 47, 30, 20].forEach((right, at) => assert.match(scores[at]!, percent(right)));
    const verdicts = await column(5);
    assert.match(verdicts[1]!, /^tied: intervals overlap, no paired test$/);
    assert.match(verdicts[2]!, /^tied: paired test, p = /);
    assert.match(verdicts[4]!, /^behind: intervals are apart, no paired test$/);
    assert.match(verdicts[5]!, /^behind: paired test, p < 0\.001/);
    assert.deepEqual(await column(11), ['First', TITLE, 'First', TITLE, TITLE, 'First']);
    await page.getByRole('link', { name: 'First' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'First' }).waitFor();
  }); // prettier-ignore

  test('sorts, chooses and searches, with the choice in the address', async () => {
    await open('leaderboard.html');
    await page.getByRole('columnheader', { name: 'Measured ratio' }).getByRole('button').press('Enter');
    assert.deepEqual(await column(7), ['16.00×', '4.00×', '4.00×', '4.00×', '1.00×', '1.00×']);
    await page.getByRole('combobox', { name: 'Nominal ratio' }).selectOption('4×');
    await page.locator('#status', { hasText: '3 of 3 systems shown' }).waitFor();
    assert.deepEqual(await column(1), ['1', '2', '3']);
    await page.getByRole('combobox', { name: 'Metric' }).selectOption('f1');
    await page.locator('caption', { hasText: 'F1 on cities' }).waitFor();
    await page.getByRole('searchbox').fill('MEAN');
    assert.deepEqual(await column(2), ['mean-pool 4×']);
    const address = await page.evaluate('location.hash');
    assert.match(String(address), /metric=f1&ratio=4.*&system=MEAN/);
    await open(`leaderboard.html${address as string}`);
    await page.locator('caption', { hasText: 'F1 on cities, 60 questions (dev), nominal ratio 4×' }).waitFor();
    assert.deepEqual(await column(2), ['mean-pool 4×']);
  });

  test('trends join the runs of a suite and say what changed; the index lists the reports', async () => {
    await open('trends.html');
    await page.locator('figure.is-live canvas').waitFor();
    assert.match(await page.locator('figure .chart-title').innerText(), /of 2 systems 1 fell, 1 within its intervals$/);
    assert.deepEqual(await column(1), [
      'text-lora',
      'text-lora',
      'clara 4×',
      'clara 4×',
      'mean-pool 4×',
      `${HOSTILE} 16×`,
    ]);
    assert.deepEqual((await column(7)).slice(0, 2), ['aaaaaaaa', 'bbbbbbbb']);
    assert.match((await column(9))[1]!, /^the run’s commit$/);
    assert.deepEqual([...new Set(await column(2))].sort(), ['2026-11-20 08:00', '2026-11-24 08:00']);
    await open('index.html');
    assert.deepEqual(await column(1), ['First', TITLE]);
    assert.deepEqual(await column(2), ['2026-11-20', '2026-11-24']);
    const described = JSON.parse((await page.locator('script[type="application/ld+json"]').textContent())!) as { dataset: { name: string; url: string }[] }; // prettier-ignore
    assert.deepEqual(
      described.dataset.map(({ name, url }) => [name, url]),
      [
        ['First', 'https://example.org/bench/reports/first-report/index.html'],
        [TITLE, 'https://example.org/bench/reports/second/index.html'],
      ],
    );
  });

  test('fit a telephone, run nothing of a title or a name, and report no error', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const file of ['index.html', 'leaderboard.html', 'trends.html']) {
      await open(file);
      await page.locator('table').first().waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, file);
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.equal(await page.evaluate("document.querySelectorAll('main img[src=x], main svg, main b').length"), 0);
    }
    assert.deepEqual(problems, []);
  });
});
