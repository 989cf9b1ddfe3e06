import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ChartConfiguration } from 'chart.js';
import type { Example } from '../../../datasets/example.ts';
import { candidateCounts } from '../../../reports/candidate-counts.ts';
import { renderChart } from '../../../reports/charts/render-chart.ts';
import { chartsOf, type ReportChart } from '../../../reports/charts-of.ts';
import { pairedDifferences, type PairedDifference } from '../../../reports/paired-differences.ts';
import { givesAnswers } from '../../../reports/report-row.ts';
import { makeRun } from '../make-runs.ts';
import { reportRows } from '../report-parts.ts';

const COUNT = 24;
/** Even questions have four candidates and two gold passages, odd ones eight and one. */
const examples = Array.from({ length: COUNT }, (_, at): Example => ({
  id: `q${at}`,
  question: `Which city is number ${at}?`,
  answers: [`City ${at}`],
  docs: Array.from({ length: at % 2 === 0 ? 4 : 8 }, (_, place) => ({ title: `${place}`, text: `Passage ${place}` })),
  pos_index: at % 2 === 0 ? [0, 1] : [2],
}));

let folder: string;
let differences: readonly PairedDifference[];
let charts: Map<string, ReportChart>;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-charts-'));
  const right = ({ answers }: Example): string => answers[0]!;
  const common = { examples, settings: { docs: 'all' } };
  const batch = (at: number): number => (at < 12 ? 10 : 30);
  await makeRun(folder, {
    ...common,
    system: 'text-lora',
    answer: right,
    tokens: { source: 200, vectors: 200 },
    ms: (at) => ({ prefill: batch(at), decode: 20 }),
  });
  for (const ratio of [4, 16]) {
    await makeRun(folder, {
      ...common,
      system: 'clara',
      ratio,
      answer: (example, at) => (at < (ratio === 4 ? 20 : 6) ? right(example) : 'wrong'),
      ranking: [0, 1, 2, 3],
      // The last four questions have documents that are cut off at 320 tokens.
      tokens: (at) => ({ source: Math.min(320, 20 + 16 * at), vectors: 320 / ratio, truncated: at < 20 ? 0 : 100 }),
      ms: (at) => ({ compress: 40, rank: 2, prefill: batch(at) / ratio, decode: 8 }),
    });
  }
  await makeRun(folder, {
    examples,
    system: 'bm25',
    answer: () => '',
    ranking: [2, 0, 1, 3],
    manifest: {
      system: { id: 'bm25', description: 'ranks', module: null, answers: false },
      model: null,
    },
  });
  const rows = await reportRows(folder);
  differences = pairedDifferences(rows.filter(givesAnswers));
  const candidates = await candidateCounts(rows);
  const all = chartsOf(rows, { trainings: [], held: [], dials: [], differences, candidates });
  charts = new Map(
    Object.values(all)
      .flat()
      .map((chart: ReportChart) => [chart.name, chart]),
  );
});
after(() => rm(folder, { recursive: true, force: true }));

interface Point {
  readonly x: number;
  readonly y: number;
  readonly xMin?: number;
  readonly xMax?: number;
  readonly yMin?: number;
  readonly yMax?: number;
}

/** The points of a dataset by its label, as chart.js is given them. */
function drawn(name: string, label: string): Point[] {
  const datasets = configured(name).data.datasets;
  const found = datasets.find((dataset) => dataset.label === label);
  assert.ok(found, `${name} has ${datasets.map(({ label }) => label).join(' | ')}`);
  return found.data as unknown as Point[];
}

function configured(name: string): ChartConfiguration {
  const chart = charts.get(name);
  assert.ok(chart, `${name} is not among ${[...charts.keys()].join(', ')}`);
  return chart.configuration({ side: 'light', font: 'serif' });
}

function near(found: readonly number[], wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  found.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]!) < 1e-9, `${found.join()} for ${wanted.join()}`));
}

describe('recall over k', () => {
  test('has the measured recall, its ceiling and the level of chance exactly', () => {
    const values = (label: string): number[] => drawn('recall-cities', label).map(({ y }) => y);
    // Even: one of two gold passages first, both among three. Odd: the third.
    near(values('clara 4×'), [25, 100, 100]);
    near(values('bm25'), [50, 100, 100]);
    near(values('highest possible'), [75, 100, 100]);
    near(values('chance'), [100 * (1 / 4 + 1 / 8) / 2, 100 * (3 / 4 + 3 / 8) / 2, 100 * (1 + 5 / 8) / 2]); // prettier-ignore
    const [first] = drawn('recall-cities', 'clara 4×');
    assert.ok(first!.yMin! < 25 && first!.yMax! > 25);
    assert.match(charts.get('recall-cities')!.alt, /chance: @1 18\.8 %, @3 56\.3 %, @5 81\.3 %\./);
  });
});

describe('the forest plot', () => {
  test('has the differences of the comparison in its order, symmetric around zero', () => {
    const chart = charts.get('differences-1-cities')!;
    const { data, options } = configured('differences-1-cities');
    const points = data.datasets.map(({ data }) => (data as unknown as Point[])[0]!);
    const wanted = differences.map(({ exactMatch }) => exactMatch);
    assert.equal(wanted.length, 2);
    near(points.map(({ x }) => x), wanted.map(({ mean }) => 100 * mean)); // prettier-ignore
    near(points.flatMap(({ xMin, xMax }) => [xMin!, xMax!]), wanted.flatMap(({ interval }) => [100 * interval!.low, 100 * interval!.high])); // prettier-ignore
    const { x } = options!.scales as Record<'x', { min: number; max: number }>;
    assert.equal(x.min, -x.max);
    assert.match(chart.title, /clara, of 2 differences 0 better than text-lora, 1 worse$/);
    assert.match(chart.alt, /^minus text-lora: clara 4× −16\.7 \[−[\d.]+, [−+]?[\d.]+\], n 24, p 0\.1250; clara 16× −75\.0/); // prettier-ignore
  });
});

describe('quality against time', () => {
  test('has the time with compression and without it', () => {
    const name = 'time-exact-match-cities';
    // Of two batches of 12 questions each: 40 + 2 + 8 and the prompt's 20 / 4 on the mean.
    near(drawn(name, 'clara').map(({ x }) => x), [55, 51.25]); // prettier-ignore
    near(drawn(name, 'clara, offline').map(({ x }) => x), [15, 11.25]); // prettier-ignore
    near(drawn(name, 'clara').map(({ y }) => y), [(100 * 20) / 24, (100 * 6) / 24]); // prettier-ignore
    assert.deepEqual(drawn(name, 'text-lora, offline'), []);
    assert.match(charts.get(name)!.alt, /text-lora: 100\.0 % \[[\d.]+, 100\.0\] in 40\u00a0ms/);
  });

  test('costs by phase have a second bar without compression for those that compress', () => {
    const { datasets, labels } = configured('time').data;
    const of = (stack: string, phase: string): unknown[] =>
      datasets.find((dataset) => dataset.label === phase && (dataset as { stack?: string }).stack === stack)!.data;
    const [text, clara] = ['text-lora', 'clara 4×'].map((label) => (labels as string[]).findIndex((text) => [text].flat().join(' ').includes(label))) as [number, number]; // prettier-ignore
    assert.equal(of('online', 'compress')[clara], 40);
    assert.equal(of('offline', 'prefill')[clara], 5);
    assert.equal(of('offline', 'prefill')[text], null);
    assert.ok(!datasets.some((dataset) => dataset.label === 'compress' && (dataset as { stack?: string }).stack === 'offline')); // prettier-ignore
    assert.match(charts.get('time')!.alt, /clara 4× 55\.0 ms \(compress 40\.0, rank 2\.0, prefill 5\.0, decode 8\.0\), offline 15\.0 ms/); // prettier-ignore
  });
});

describe('charts by length', () => {
  test('have the ratio of the totals of each bin, and mark documents that were cut off', () => {
    const points = drawn('length-ratio-cities-all', '4×');
    const source = (at: number): number => Math.min(320, 20 + 16 * at);
    const total = (from: number): number =>
      Array.from({ length: 12 }, (_, at) => source(from + at)).reduce((sum, one) => sum + one, 0);
    near(points.map(({ y }) => y), [total(0) / (12 * 80), total(12) / (12 * 80)]); // prettier-ignore
    near(points.map(({ x }) => x), [total(0) / 12, (total(12) + 400) / 12]); // prettier-ignore
    assert.match(charts.get('length-ratio-cities-all')!.alt, /4×: 108 tokens 1\.35×.*\(n 12\), 318 tokens .*\(n 12, some cut off\)/); // prettier-ignore
    near(drawn('length-ratio-cities-all', 'nominal 16×').map(({ y }) => y), [16, 16]); // prettier-ignore
  });

  test('have exact match of the same questions', () => {
    const points = drawn('length-exact-match-cities-all', 'clara 4×');
    near(points.map(({ y }) => y), [100, (100 * 8) / 12]); // prettier-ignore
    // Wilson's interval of 8 of 12.
    assert.deepEqual([points[1]!.yMin!.toFixed(2), points[1]!.yMax!.toFixed(2)], ['39.06', '86.19']);
  });
});

test('every chart is drawn as PNG and SVG of one size, with its figures in words and nothing that is not a number', async () => {
  assert.ok(charts.size >= 9);
  for (const chart of charts.values()) {
    const { png, svg } = await renderChart(chart);
    assert.equal(png.readUInt32BE(20), Math.floor((chart.height * 300) / 96));
    assert.ok(svg.includes(`height="${chart.height}"`));
    assert.doesNotMatch(svg, /NaN|<text|<image/, chart.name);
    assert.doesNotMatch(`${chart.title} ${chart.subtitle} ${chart.alt}`, /NaN|undefined|null|Infinity/);
    assert.match(chart.alt, /\d/);
    assert.deepEqual(JSON.parse(JSON.stringify(chart.spec)), chart.spec, `${chart.name} is made of plain data`);
  }
});
