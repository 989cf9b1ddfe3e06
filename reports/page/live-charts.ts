import type { Chart as ChartJs, ChartConfiguration } from 'chart.js';
import { chartOf, type ChartSpec } from '../charts/chart-spec.ts';
import { ink } from '../charts/palette.ts';
import { element } from './element.ts';

declare const Chart: typeof ChartJs;

/** CSS pixels. On a telephone the labels beside the lines would leave these no room: the picture is scaled down as a whole, and stays. */
const NARROWEST = 420;

/** Draws the charts of the report in the page, where the reader comes near them, from what the files beside it were drawn from: with tips at the points, in the reader's font and colours. The pictures stay for print. */
export function drawCharts(specs: Readonly<Record<string, ChartSpec>>): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const drawn = new Map<HTMLElement, { draw: () => void }>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const figure = target as HTMLElement;
        const spec = specs[figure.dataset.chart!];
        if (!isIntersecting || drawn.has(figure) || !spec || figure.clientWidth < NARROWEST) continue;
        drawn.set(figure, live(figure, spec, dark));
        observer.unobserve(figure);
      }
    },
    { rootMargin: '400px' },
  );
  for (const figure of document.querySelectorAll<HTMLElement>('figure[data-chart]')) observer.observe(figure);
  dark.addEventListener('change', () => {
    for (const { draw } of drawn.values()) draw();
  });
}

function live(figure: HTMLElement, spec: ChartSpec, dark: MediaQueryList): { draw: () => void } {
  const { title, subtitle, alt, height, right = 16, configuration } = chartOf(spec);
  const canvas = element('canvas', { role: 'img', 'aria-label': `${title}. ${alt}` });
  const frame = element('div', { class: 'canvas' }, canvas);
  frame.style.height = `${height - 40}px`;
  figure.prepend(
    element('div', { class: 'live' }, element('p', { class: 'chart-title' }, title), element('p', { class: 'note' }, subtitle), frame),
  ); // prettier-ignore
  figure.classList.add('is-live');
  let chart: ChartJs | undefined;
  const draw = (): void => {
    chart?.destroy();
    const side = dark.matches ? 'dark' : 'light';
    const font = getComputedStyle(document.body).fontFamily;
    Object.assign(Chart.defaults.font, { family: font, size: 12 });
    Chart.defaults.color = ink.text[side];
    Chart.defaults.borderColor = ink.grid[side];
    const made: ChartConfiguration = configuration({ side, font });
    made.options = {
      ...made.options,
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      layout: { padding: { top: 4, right, bottom: 4, left: 4 } },
    };
    chart = new Chart(canvas, made);
  };
  draw();
  return { draw };
}
