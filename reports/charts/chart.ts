import type { ChartConfiguration } from 'chart.js';

/** How a chart is drawn: for a light or a dark background, in a font. Files are drawn light in the font that comes with the program, the page in the reader's. */
export interface Look {
  readonly side: 'light' | 'dark';
  readonly font: string;
}

/** A chart to draw. */
export interface Chart {
  /** File name without ending. */
  readonly name: string;
  /** What is seen in it; also the picture's heading. */
  readonly title: string;
  /** What is shown, numbers of questions, kind of interval, units. */
  readonly subtitle: string;
  /** The same numbers in words, for a reader who does not see the picture. */
  readonly alt: string;
  /** CSS pixels. */
  readonly height: number;
  /** CSS pixels kept free at the right, for labels beside the lines. */
  readonly right?: number;
  /** The benchmark that it is of, where it is of one alone. */
  readonly benchmark?: string;
  /** Called once a drawing, because chart.js writes into the configuration that it is given. */
  readonly configuration: (look: Look) => ChartConfiguration;
}
