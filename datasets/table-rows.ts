import Papa from 'papaparse';
import { InputError } from '../harness/errors.ts';
import { readChunks } from '../harness/files/read-chunks.ts';

/** A longer row is a quote that is never closed. */
const MAX_ROW_CHARACTERS = 16 * 1024 * 1024;

/** A row of a table, the line on which it begins, and what is wrong with its quotes. */
export interface TableRow {
  readonly cells: readonly string[];
  readonly line: number;
  readonly faults: readonly string[];
}

/**
 * Rows of a CSV or TSV file, streamed; empty lines are left out. papaparse splits them, chunk by chunk.
 *
 * @throws InputError where the file is not UTF-8, or a row does not end.
 */
export async function* readTableRows(file: string): AsyncGenerator<TableRow> {
  const delimiter = /\.tsv(\.gz)?$/i.test(file) ? '\t' : ',';
  const parser = new Papa.Parser({ delimiter, newline: '\n' });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 1;

  function* rows(isLast: boolean): Generator<TableRow> {
    // A carriage return at the end of a chunk may be the first half of a line end.
    const text = rest.replaceAll('\r\n', '\n');
    const { data, errors, meta } = parser.parse(text, 0, !isLast) as Papa.ParseResult<string[]>;
    for (const [index, cells] of data.entries()) {
      const lines = cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 1);
      if (cells.length > 1 || cells[0] !== '') {
        yield { cells, line, faults: errors.filter(({ row }) => row === index).map(({ message }) => message) };
      }
      line += lines;
    }
    rest = isLast ? '' : text.slice(meta.cursor);
    if (rest.length > MAX_ROW_CHARACTERS) {
      throw new InputError(
        `${file}:${line}: a row of over ${MAX_ROW_CHARACTERS} characters; expected a closing quote (")`,
      );
    }
  }

  const decode = (chunk?: Buffer): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError(`${file}:${line}: expected UTF-8 text, got other bytes on this line or soon after it`);
    }
  };
  for await (const chunk of readChunks(file)) {
    rest += decode(chunk);
    yield* rows(false);
  }
  rest += decode();
  yield* rows(true);
}
