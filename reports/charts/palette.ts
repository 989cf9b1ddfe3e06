/** A colour on a light and on a dark page. The light one is written into the picture; an SVG swaps it for the dark one where the reader prefers dark. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** Colours of everything that is not data. None has a CSS name or a short form, so that each is found again in an SVG as it was given. */
export const ink = {
  surface: { light: '#fefefe', dark: '#161b23' },
  text: { light: '#1f2329', dark: '#e6edf3' },
  muted: { light: '#57606b', dark: '#a3adb9' },
  grid: { light: '#dfe4ea', dark: '#343b45' },
} as const satisfies Record<string, Colour>;

/**
 * Colours of the series, after Okabe and Ito's palette for colour-blind readers (2008), lightness moved where needed so that each has a contrast of 3:1 or more
 * against both surfaces. Series also differ in marker and label, so that no reading depends on colour.
 */
export const seriesColours: readonly Colour[] = [
  { light: '#0072b3', dark: '#56b4ea' },
  { light: '#c85200', dark: '#f58b4c' },
  { light: '#00805f', dark: '#2fc797' },
  { light: '#a8518c', dark: '#e08fc4' },
  { light: '#946c00', dark: '#e6a001' },
  { light: '#5b4fb5', dark: '#a79ff5' },
];

/** The colour of a reference that is no competitor, such as answering without documents. */
export const referenceColour: Colour = { light: '#6b7581', dark: '#98a2ae' };

/** Phases of a question in the order in which they happen. */
export const phaseColours = {
  compress: seriesColours[3]!,
  rank: seriesColours[4]!,
  prefill: seriesColours[0]!,
  decode: seriesColours[1]!,
} as const satisfies Record<string, Colour>;

/** Every pair above, for the style sheet of an SVG. */
export const allColours: readonly Colour[] = [...Object.values(ink), ...seriesColours, referenceColour];
