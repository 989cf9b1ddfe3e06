import { createRequire } from 'node:module';
import type { ChartConfiguration } from 'chart.js';
import type { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { escapeHtml } from '../text/escape-html.ts';
import type { Chart, Look } from './chart.ts';
import { allColours, ink } from './palette.ts';
import { withResolution } from './png-resolution.ts';
import { wrapText } from './wrap-text.ts';

/** A drawn chart: a PNG of 300 pixels an inch and an SVG that follows the reader's light or dark setting. */
export interface Picture {
  readonly chart: Chart;
  readonly png: Buffer;
  readonly svg: string;
}

/** CSS pixels of every chart's width: drawn over the width of a telephone, the text is still large enough to read. */
export const CHART_WIDTH = 480;
/** PNG pixels an inch, as journals ask for, and a CSS pixel, of which an inch has 96. */
const RESOLUTION = 300;
const PIXEL_RATIO = RESOLUTION / 96;
/** CSS pixels free at the right of a chart without labels there. */
const RIGHT = 16;
const FONT = 'clara-bench';
const LOOK: Look = { side: 'light', font: FONT };
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];
/** Characters of the subtitle's size that fit into a CSS pixel of width, with room to spare for a wide text. */
const CHARACTERS_A_PIXEL = 1 / 6.3;

/** Draws a chart with chart.js. The fonts come with the program, so the text shows on a machine without any. The same chart gives the same bytes. */
export async function renderChart(chart: Chart): Promise<Picture> {
  // Loaded here, because every command loads this file and few draw.
  const { ChartJSNodeCanvas } = await import('chartjs-node-canvas');
  const png = await canvas(ChartJSNodeCanvas, chart).renderToBuffer(configure(chart, PIXEL_RATIO));
  const svg = canvas(ChartJSNodeCanvas, chart, 'svg')
    .renderToBufferSync(configure(chart, 1), 'image/svg+xml')
    .toString('utf8');
  return { chart, png: withResolution(png, RESOLUTION), svg: finishSvg(chart, svg) };
}

function canvas(Canvas: typeof ChartJSNodeCanvas, chart: Chart, type?: 'svg'): ChartJSNodeCanvas {
  const made = new Canvas({
    width: CHART_WIDTH,
    height: chart.height,
    type,
    backgroundColour: type ? undefined : ink.surface.light,
    // By name: each instance loads chart.js afresh and its plugins have to register with that copy.
    plugins: { requireLegacy: ['chartjs-chart-error-bars'] },
    chartCallback: ({ defaults }) => {
      defaults.font.family = FONT;
      defaults.font.size = 12;
      defaults.color = ink.text.light;
      defaults.borderColor = ink.grid.light;
    },
  });
  const { resolve } = createRequire(import.meta.url);
  for (const file of FONT_FILES) made.registerFont(resolve(`dejavu-fonts-ttf/ttf/${file}`), { family: FONT });
  return made;
}

function configure(chart: Chart, devicePixelRatio: number): ChartConfiguration {
  const configuration = chart.configuration(LOOK);
  const right = chart.right ?? RIGHT;
  // Words stand over the drawing: chart.js squeezes a line that is wider.
  const characters = (CHART_WIDTH - (right - RIGHT)) * CHARACTERS_A_PIXEL;
  configuration.options = {
    ...configuration.options,
    devicePixelRatio,
    layout: { padding: { top: 4, right, bottom: 8, left: 8 } },
    plugins: {
      ...configuration.options?.plugins,
      title: {
        display: true,
        align: 'start',
        text: wrapText(chart.title, characters * 0.75),
        font: { size: 15, weight: 'bold' },
        padding: { top: 6, bottom: 4 },
      },
      subtitle: {
        display: true,
        align: 'start',
        text: wrapText(chart.subtitle, characters),
        color: ink.muted.light,
        padding: { bottom: 10 },
      },
    },
  };
  return configuration;
}

/**
 * Adds what the canvas cannot know: a scalable size, a title and description for screen readers, a background, and the dark colours. Shortens coordinates to
 * 0.01 pixel, and numbers the clipping paths from 0: the canvas counts them through the whole process.
 */
function finishSvg(chart: Chart, svg: string): string {
  const dark = allColours
    .map(({ light, dark }) => `[fill="${light}" i]{fill:${dark}}[stroke="${light}" i]{stroke:${dark}}`)
    .join('');
  const head = [
    `<title>${escapeHtml(chart.title)}</title>`,
    `<desc>${escapeHtml(`${chart.subtitle}. ${chart.alt}`)}</desc>`,
    `<style>@media (prefers-color-scheme:dark){${dark}}</style>`,
    `<rect width="${CHART_WIDTH}" height="${chart.height}" fill="${ink.surface.light}"/>`,
  ].join('');
  const clips = [...new Set([...svg.matchAll(/<clipPath id="([^"]+)"/g)].map(([, id]) => id!))];
  return svg
    .replace(/<rect fill-opacity="0"[^>]*\/>/, head)
    .replace(/ width="\d+" height="\d+">/, (size) => ` role="img" viewBox="0 0 ${CHART_WIDTH} ${chart.height}"${size}`)
    .replace(/ (?:d|x|y|width|height|transform|points)="[^"]*"/g, (attribute) =>
      attribute.replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
    )
    .replace(/(?<=id="|url\(#)cl_[0-9a-f]+/g, (id) => `clip${clips.indexOf(id)}`)
    .replace(/\n\t*/g, '\n');
}
