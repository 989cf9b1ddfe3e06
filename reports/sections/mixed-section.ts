import type { Section } from '../document.ts';

/** The warning over a report of runs that must not stand side by side; undefined where there is nothing to warn of. */
export function mixedSection(differences: readonly string[]): Section | undefined {
  if (differences.length === 0) return undefined;
  return {
    heading: 'Warning: mixed runs',
    blocks: [
      {
        kind: 'paragraph',
        text: 'The runs of this report must not all be compared with each other; it was asked for all the same (--allow-mixed). What differs, and in which runs:',
      },
      { kind: 'code', text: differences.join('\n') },
    ],
  };
}
