import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactMatchChart } from '../../../reports/charts/exact-match-chart.ts';
import { allColours, referenceColour, seriesColours, ink } from '../../../reports/charts/palette.ts';
import { qualityChart } from '../../../reports/charts/quality-chart.ts';
import { CHART_WIDTH, renderChart } from '../../../reports/charts/render-chart.ts';

const chart = exactMatchChart(
  [
    {
      heading: 'cities <n = 12>',
      rows: [
        { label: 'text', value: 75, low: 46.8, high: 91.1, colour: seriesColours[0]! },
        { label: 'no-context', value: 25, low: 8.9, high: 53.2, colour: referenceColour },
      ],
    },
  ],
  'a & b',
);

test('a chart is drawn as PNG of 300 pixels an inch, and as SVG with its words and numbers', async () => {
  const { png, svg } = await renderChart(chart);
  assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  assert.equal(png.readUInt32BE(16), Math.floor((CHART_WIDTH * 300) / 96));
  assert.equal(png.readUInt32BE(20), Math.floor((chart.height * 300) / 96));
  // 300 pixels an inch are 11,811 a metre.
  assert.equal(png.toString('latin1', 37, 41), 'pHYs');
  assert.equal(png.readUInt32BE(41), 11_811);
  assert.match(svg, /<title>Highest exact match: 75\.0\u00a0% on cities &lt;n = 12&gt; \(text\)<\/title>/);
  assert.match(
    svg,
    /<desc>Exact match by system and benchmark; a &amp; b\. cities &lt;n = 12&gt;: text 75\.0 % \[46\.8, 91\.1\]; no-context 25\.0 %/,
  );
  assert.match(svg, new RegExp(`viewBox="0 0 ${CHART_WIDTH} ${chart.height}"`));
  // Text is drawn as paths: a <text> would need a font on the reader's machine.
  assert.doesNotMatch(svg, /<text|<image|NaN/);
  assert.ok(svg.includes('prefers-color-scheme:dark'));
});

test('the drawing changes with a value, and only then', async () => {
  const [one, again] = [await renderChart(chart), await renderChart(chart)];
  assert.equal(again.svg, one.svg);
  assert.deepEqual(again.png, one.png);
  const other = exactMatchChart(
    [{ heading: 'cities', rows: [{ label: 'text', value: 74, low: 46, high: 91, colour: seriesColours[0]! }] }],
    'a & b',
  );
  assert.notEqual((await renderChart(other)).svg, one.svg);
});

test('every colour that is drawn has a dark one in the SVG', async () => {
  const share = { value: 40, low: 30, high: 50 };
  const points = [4, 16].map((ratio) => ({ ratio: ratio - 0.1, nominal: ratio, ...share }));
  const quality = qualityChart(
    'cities',
    { id: 'f1', name: 'F1' },
    seriesColours.map((colour, at) => ({ label: `system ${at}`, colour, points })),
    [{ label: 'no-context', colour: referenceColour, value: 10, low: 5, high: 15 }],
    'n = 12',
  );
  const { svg } = await renderChart(quality);
  const drawn = new Set(
    [...svg.matchAll(/ (?:fill|stroke)="(#[0-9a-f]{6})"/gi)].map(([, colour]) => colour!.toLowerCase()),
  );
  const known = new Set(allColours.map(({ light }) => light));
  assert.deepEqual(
    [...drawn].filter((colour) => !known.has(colour)),
    [],
  );
  assert.ok(drawn.size > seriesColours.length);
});

test('a quality chart says both ratios, and levels with their bands', () => {
  const line = {
    label: 'clara',
    colour: seriesColours[0]!,
    points: [{ ratio: 7.9, nominal: 16, value: 40, low: 30, high: 50 }],
  };
  const level = { label: 'text-lora', colour: seriesColours[1]!, value: 45, low: 35, high: 55 };
  const { name, alt, configuration } = qualityChart('cities', { id: 'f1', name: 'F1' }, [line], [level], 'n = 12');
  assert.equal(name, 'quality-f1-cities');
  assert.equal(
    alt,
    'clara: at 7.9× (nominal 16×) 40.0 % [30.0, 50.0]. text-lora: 45.0 % [35.0, 55.0], no nominal ratio.',
  );
  // The level's line and the band above it are inside of the axis.
  const { y } = configuration({ side: 'light', font: 'serif' }).options!.scales as { y: { suggestedMax: number } };
  assert.equal(y.suggestedMax, 55);
});

test('colours of series have a contrast of 3 to 1 on their surface, text of 4.5 to 1', () => {
  for (const side of ['light', 'dark'] as const) {
    for (const colour of [...seriesColours, referenceColour]) {
      assert.ok(contrast(colour[side], ink.surface[side]) >= 3, `${colour[side]} on ${side}`);
    }
    for (const colour of [ink.text, ink.muted]) assert.ok(contrast(colour[side], ink.surface[side]) >= 4.5);
  }
});

/** WCAG 2.2 contrast ratio. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
