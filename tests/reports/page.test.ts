import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Example } from '../../datasets/example.ts';
import { writeReport } from '../../reports/write-report.ts';
import { findBarriers } from './find-barriers.ts';
import { findChromium } from './find-chromium.ts';
import { makeRun } from './make-runs.ts';

const program = findChromium();

/** What these tests read of a row in the browser, whose types they do not have. */
interface Row {
  readonly dataset: Readonly<Record<string, string>>;
  readonly cells: Iterable<{ readonly innerText: string }>;
}

interface Captioned {
  readonly caption: { readonly textContent: string | null } | null;
}

const COUNT = 60;
const HOSTILE = [
  '<script>window.hacked = 1</script>',
  '</script><img src="x" onerror="window.hacked = 1">',
  'one\u2028two\u2029three',
  '=cmd()',
  '\\input{/etc/passwd} \\write18{ls}',
  '"><svg onload=window.hacked=1>',
  '\\u003cscript\\u003e &lt;b&gt; <!--',
];

/** Sixty questions, so that there are several pages and files of them; the first ones hold what must be shown as text. */
const examples = Array.from({ length: COUNT }, (_, at): Example => {
  const hostile = HOSTILE[at] ?? '';
  return {
    id: `q/${at}?&#${at}`,
    question: `Question ${at}: where is the ${at === 41 ? 'Lighthouse' : 'tower'}? ${hostile}`,
    answers: [`Answer ${at} ${hostile}`.trim(), 'Alias'],
    docs: Array.from({ length: 3 }, (_, place) => ({
      title: `Title ${place} ${hostile}`,
      text: `Passage ${place} of ${at}${place === 1 ? ` says Answer ${at}` : ''}. ${at === 57 ? 'Hidden heron.' : ''} ${hostile}`,
    })),
    pos_index: [1],
  };
});

/** text-lora has the even questions right and fails on the last, clara 4× the first twenty, clara 16× none; another benchmark has one system. */
async function makeSuite(runs: string): Promise<void> {
  const wrong = (at: number): string => `wrong ${HOSTILE[at] ?? ''}`;
  const common = { examples, settings: { docs: 'all' } };
  await makeRun(runs, {
    ...common,
    system: 'text-lora',
    answer: ({ answers }, at) => (at === COUNT - 1 ? new Error('<b>too long</b>') : at % 2 === 0 ? answers[0]! : wrong(at)),
    tokens: { source: 120, vectors: 120 },
  }); // prettier-ignore
  for (const ratio of [4, 16]) {
    await makeRun(runs, {
      ...common,
      system: 'clara',
      ratio,
      answer: ({ answers }, at) => (ratio === 4 && at < 20 ? answers[0]! : wrong(at)),
      ranking: [2, 1, 0],
      tokens: { source: 160, vectors: 160 / ratio },
    });
  }
  await makeRun(runs, {
    system: 'text-lora',
    settings: { docs: 'gold' },
    benchmark: '<i>towns</i>',
    answer: ({ answers }) => answers[0]!,
  });
}

describe('the page of a report', () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const requests: string[] = [];
  const addressOf = (hash: string): string => `${pathToFileURL(path.join(folder, 'report', 'index.html')).href}${hash}`;
  /** As a link from elsewhere. */
  const open = async (hash = ''): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(addressOf(hash));
    await page.locator('nav.views a[aria-current]').waitFor();
  };
  /** As a link in the page, which is not read again. */
  const follow = async (hash: string): Promise<void> => {
    await page.goto(addressOf(hash));
  };
  const questionOf = (at: number, more = ''): string =>
    `#/question?benchmark=cities&id=${encodeURIComponent(examples[at]!.id)}${more}`;
  const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
  const hash = (): Promise<string> => page.evaluate('decodeURIComponent(location.hash)');

  before(async () => {
    assert.ok(
      program,
      'expected a Chromium for the tests of the page, found none: install one so that it is on the PATH (Debian and Ubuntu: apt-get install chromium), let Playwright have one (npx playwright-core install chromium), or name one with CHROMIUM=/path/to/chromium',
    );
    folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-page-'));
    await makeSuite(path.join(folder, 'runs'));
    await writeReport({ runs: path.join(folder, 'runs'), out: path.join(folder, 'report') });
    browser = await chromium.launch({ executablePath: program, timeout: 120_000 });
    page = await browser.newPage({ viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('request', (request) => requests.push(request.url()));
  });
  after(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('sorts a table by a heading, says so, and has the order in its address', async () => {
    await open();
    const table = page.locator('table', { hasText: 'tokens a question' }).first();
    const ratios = (): Promise<string[]> => table.locator('tbody td:nth-child(3)').allInnerTexts();
    const heading = table.locator('th', { hasText: 'Nominal ratio' });
    assert.deepEqual(await ratios(), ['–', '4×', '16×']);
    // By the keyboard alone: from the table on by Tab, then Enter.
    await table.locator('xpath=..').focus();
    for (let steps = 0; steps < 3; steps++) await page.keyboard.press('Tab');
    assert.match(await page.evaluate<string>('document.activeElement.textContent'), /^Nominal ratio/);
    await page.keyboard.press('Enter');
    assert.deepEqual(await ratios(), ['16×', '4×', '–']);
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.equal(await page.locator('#status').innerText(), 'Sorted by Nominal ratio, falling');
    // The other way, by a click: rows without a value stay last.
    await heading.getByRole('button').click();
    assert.deepEqual(await ratios(), ['4×', '16×', '–']);
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    const sorted = await hash();
    assert.match(sorted, /^#\/report\?sort=\d+\.2\.up$/);
    await heading.getByRole('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), null);
    assert.deepEqual(await ratios(), ['–', '4×', '16×']);
    await open(sorted);
    assert.deepEqual(await ratios(), ['4×', '16×', '–']);
  });

  test('chooses rows, columns and charts by benchmark, ratio and documents, from a link as well', async () => {
    const shown = async (facet: string): Promise<string[]> => {
      const rows = page.locator(`tr[data-${facet}]:visible`);
      const values = await rows.evaluateAll((rows, facet) => rows.map((row: Row) => row.dataset[facet]!), facet);
      assert.ok(values.length > 0, `${facet}: ${values.join()}`);
      return [...new Set(values)];
    };
    await open('#/report?ratio=16×');
    assert.deepEqual(await shown('ratio'), ['16×']);
    await page.locator('#report select[name=benchmark]').selectOption('<i>towns</i>');
    assert.equal(await hash(), '#/report?benchmark=<i>towns</i>&ratio=16×');
    assert.equal(await page.locator('figure[data-benchmark=cities]:visible').count(), 0);
    assert.equal(await page.locator('thead th[data-benchmark=cities]:visible').count(), 0);
    await page.locator('#report select[name=ratio]').selectOption('');
    assert.deepEqual(await shown('benchmark'), ['<i>towns</i>']);
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.equal(await hash(), '#/report');
    await follow('#/report?documents=gold');
    assert.deepEqual(await shown('documents'), ['gold']);
    assert.equal(await page.locator('#report select[name=documents]').inputValue(), 'gold');
    assert.match(await page.locator('form.filters').first().innerText(), /Documents/);
  });

  test('draws its charts from what the files were drawn from', async () => {
    await open('#efficiency');
    await page.locator('figure[data-chart=time] canvas').waitFor();
    const data = JSON.parse(await readFile(path.join(folder, 'report', 'data.json'), 'utf8')) as {
      charts: { name: string; title: string; alt: string }[];
    };
    const time = data.charts.find(({ name }) => name === 'time')!;
    assert.equal(await page.locator('figure[data-chart=time] .chart-title').innerText(), time.title);
    assert.equal(
      await page.locator('figure[data-chart=time] canvas').getAttribute('aria-label'),
      `${time.title}. ${time.alt}`,
    );
    const painted = await page.evaluate(
      "(() => { const c = document.querySelector('figure[data-chart=time] canvas'); return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size; })()",
    );
    assert.ok((painted as number) > 10);
  });

  test('finds the questions that one system has right and the other wrong, page by page', async () => {
    await open('#/questions?benchmark=cities');
    await page.locator('.results li').first().waitFor();
    assert.match(await page.locator('.count').innerText(), /^60 of 60 questions, page 1 of 3$/);
    await page.getByRole('combobox', { name: 'System A', exact: true }).selectOption('clara 4×');
    await page.getByRole('combobox', { name: 'Answer of system A' }).selectOption('right');
    await page.getByRole('combobox', { name: 'System B', exact: true }).selectOption('text-lora (all)');
    await page.getByRole('combobox', { name: 'Answer of system B' }).selectOption('wrong');
    await page.locator('.count', { hasText: /^10 of 60 questions/ }).waitFor();
    assert.equal(await page.locator('#status').innerText(), '10 of 60 questions');
    assert.equal(
      (await texts('.results li a'))[0],
      'Question 1: where is the tower? </script><img src="x" onerror="window.hacked = 1">',
    );
    assert.equal(
      await hash().then((text) => text.replaceAll('+', ' ')),
      '#/questions?benchmark=cities&a=clara 4×&as=right&b=text-lora (all)&bs=wrong',
    );
    await page.getByRole('combobox', { name: 'Answer of system A' }).selectOption('');
    await page.getByRole('combobox', { name: 'Answer of system B' }).selectOption('failed');
    await page.locator('.count', { hasText: /^1 of 60 questions/ }).waitFor();
    await page.getByRole('combobox', { name: 'Answer of system B' }).selectOption('');
    await page.locator('.count', { hasText: 'page 1 of 3' }).waitFor();
    await page.getByRole('link', { name: 'Last' }).click();
    await page.locator('.count', { hasText: 'page 3 of 3' }).waitFor();
    assert.match((await texts('.results li a')).at(-1)!, /^Question 59:/);
    await page.goBack();
    await page.locator('.count', { hasText: 'page 1 of 3' }).waitFor();
  });

  test('searches questions, and passages where asked', async () => {
    await open('#/questions?benchmark=cities');
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('where LIGHTHOUSE');
    await page.locator('.count', { hasText: /^1 of 60 questions/ }).waitFor();
    assert.deepEqual(await texts('.results li a'), ['Question 41: where is the Lighthouse?']);
    await search.fill('hidden heron');
    await page.locator('.count', { hasText: /^0 of 60 questions/ }).waitFor();
    await page.getByLabel('in passages and answers too').check();
    await page.locator('.count', { hasText: /^1 of 60 questions/ }).waitFor();
    assert.match((await texts('.results li a'))[0]!, /^Question 57:/);
  });

  test('shows a question with its passages, gold marked, and each system’s answer, ranking and scores', async () => {
    await open('#/questions?benchmark=cities&a=clara+4×&as=right&b=text-lora+(all)&bs=wrong');
    await page.getByRole('link', { name: /^Question 7:/ }).click();
    await page.getByRole('heading', { name: /^Question 7:/ }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'H2');
    const rows = await page
      .locator('.single tbody tr')
      .evaluateAll((rows) => rows.map((row: Row) => Array.from(row.cells, (cell) => cell.innerText)));
    const [text, clara] = rows;
    assert.deepEqual([text![0], text![1], text![3]], ['text-lora (all)', '✗ wrong', '0']);
    assert.deepEqual([clara![0], clara![1], clara![3]], ['clara 4×', '✓ Answer 7', '100']);
    assert.equal(clara![2], '3 · 2 · 1');
    assert.deepEqual(await page.locator('.documents li.gold h4').allTextContents(), ['2. Title 1 gold']);
    assert.deepEqual(await texts('.documents mark'), ['Answer 7']);
    // On to the next of the ten by an arrow key, and back to the list.
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: /^Question 9:/ }).waitFor();
    const link = await page.evaluate('location.hash');
    await page.getByRole('link', { name: 'All questions' }).click();
    await page.locator('.count', { hasText: /^10 of 60 questions/ }).waitFor();
    await open(link as string);
    await page.getByRole('heading', { name: /^Question 9:/ }).waitFor();
    assert.match(await page.locator('.single .pager').innerText(), /5 of 10/);
  });

  test('opens each view by its address', async () => {
    await open('#provenance');
    assert.ok(await page.evaluate("document.getElementById('provenance').getBoundingClientRect().top < innerHeight"));
    await open(questionOf(55));
    await page.getByRole('heading', { name: /^Question 55:/ }).waitFor();
    await open(
      '#/questions?benchmark=cities&a=clara+4×&as=right&b=text-lora+(all)&bs=wrong&q=hidden+OR+passage&in=all',
    );
    await page.locator('.count', { hasText: /^0 of 60 questions/ }).waitFor();
    await follow('#/questions?benchmark=cities&a=clara+4×&as=wrong&q=tower&page=2');
    await page.locator('.count', { hasText: 'page 2 of 2' }).waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Answer of system A' }).inputValue(), 'wrong');
    assert.equal(await page.getByRole('searchbox', { name: 'Search' }).inputValue(), 'tower');
    await follow('#/question?benchmark=cities&id=nothing');
    await page.getByText('cities has no question with the id nothing').waitFor();
  });

  test('shows hostile text as text', async () => {
    await open('#/questions?benchmark=cities');
    await page.locator('.results li').first().waitFor();
    const listed = await texts('.results li a');
    for (const [at, text] of HOSTILE.entries()) {
      assert.ok(listed[at]!.includes(text.replace(/[\u2028\u2029]/g, '\n')) || listed[at]!.includes(text), text);
      await follow(questionOf(at, `&at=${at}`));
      await page.getByRole('heading', { name: new RegExp(`^Question ${at}:`) }).waitFor();
      const shown = (await page.locator('.single').textContent())!;
      // The question, the gold answer, titles and texts of three passages, and two wrong or right answers of systems.
      assert.ok(shown.split(text).length - 1 >= 10, `${text}: ${shown}`);
    }
    await follow(questionOf(COUNT - 1));
    await page.getByText('failed: <b>too long</b>').waitFor();
    assert.equal(await page.evaluate('window.hacked'), undefined);
    assert.equal(await page.locator('#questions script, #questions svg, #questions b').count(), 0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has the contrast of WCAG AA, ${colorScheme}`, async () => {
      const own = await browser.newPage({ viewport: { width: 2400, height: 900 }, colorScheme });
      await own.goto(addressOf('#/questions?benchmark=cities'));
      await own.locator('.results li').first().waitFor();
      assert.deepEqual(await findBarriers(own, 'contrast'), []);
      // What it looks for is seen: text in a grey that is too near to both backgrounds, and a sign.
      await own.evaluate("document.documentElement.style.setProperty('--muted', '#808080')");
      await own.evaluate("document.documentElement.style.setProperty('--wrong', '#808080')");
      const seen = (await findBarriers(own, 'contrast')).join('\n');
      assert.match(seen, /class="count"/);
      assert.match(seen, /class="sign"/);
      await own.evaluate("document.documentElement.removeAttribute('style')");
      await own.goto(addressOf(questionOf(7)));
      await own.locator('.single mark').first().waitFor();
      assert.deepEqual(await findBarriers(own, 'contrast'), []);
      await own.goto(addressOf('#/report'));
      assert.deepEqual(await findBarriers(own, 'contrast'), []);
      await own.close();
    });
  }

  test('has names for controls and pictures, captions, and headings in order', async () => {
    for (const view of ['#/report', '#/questions?benchmark=cities', questionOf(7)]) {
      await follow(view);
      await page.locator('#report:visible, .results li:visible, .single mark:visible').first().waitFor();
      assert.deepEqual(await findBarriers(page, 'all'), [], view);
      const captions = await page.locator('table').evaluateAll((tables) => tables.map((table: Captioned) => table.caption?.textContent ?? '')); // prettier-ignore
      assert.ok(!captions.includes(''), view);
    }
  });

  test('fits a telephone, and has nothing that its folder does not have', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const view of ['#/report', '#/questions', questionOf(7)]) {
      await follow(view);
      await page.locator('#report:visible, .results li:visible, .single mark:visible').first().waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, view);
    }
    assert.deepEqual(problems, []);
    const root = pathToFileURL(path.join(folder, 'report')).href;
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(root) && !url.startsWith('about:')),
      [],
    );
  });
});
