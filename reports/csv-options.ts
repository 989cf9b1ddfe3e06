/** How every CSV of a report is written: text that a spreadsheet would take for a formula gets an apostrophe in front. */
export const csvOptions = { escapeFormulae: true, newline: '\n' } as const;
