/**
 * The lines of a table for a terminal: texts to the left, figures to the right.
 *
 * @param table rows of as many cells each
 * @param texts columns that hold texts; the first one unless said otherwise
 */
export function alignTable(table: readonly (readonly string[])[], texts: readonly number[] = [0]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (texts.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
