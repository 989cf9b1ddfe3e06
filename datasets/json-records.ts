import { InputError } from '../harness/errors.ts';
import { readChunks } from '../harness/files/read-chunks.ts';
import { readLines } from '../harness/files/read-lines.ts';
import { readJsonArray } from './json-array.ts';

/** A record of a file as it stands there: its place (`file:line`, `file[element]`) and its value, or why it has none. */
export type RawRecord =
  | { readonly where: string; readonly value: unknown }
  | { readonly where: string; readonly problems: readonly string[] };

/** How a file holds its records: a JSON object a line, one array, or one object with the array under `data` (as SQuAD). */
export type JsonLayout = 'lines' | 'array' | 'data';

/** Enough of a file to tell its layout, whatever white space it begins with. */
const HEAD_BYTES = 64 * 1024;

/** The layout of a JSON file, told from its first bytes. @throws InputError where the file does not begin like JSON. */
export async function jsonLayout(file: string): Promise<JsonLayout> {
  let head = '';
  for await (const chunk of readChunks(file)) {
    head = (head + chunk.toString('utf8', 0, HEAD_BYTES)).replace(/^[\ufeff\s]+/, '');
    if (head.length > 100) break;
  }
  if (head.startsWith('[')) return 'array';
  if (/^\{\s*"(?:data|version)"\s*:/.test(head)) return 'data';
  if (head.startsWith('{')) return 'lines';
  throw new InputError(
    `${file}: expected JSON (an array or an object at the beginning), got ${JSON.stringify(head.slice(0, 40))}; ` +
      'tables must end in .csv, .tsv, .csv.gz or .tsv.gz',
  );
}

/** The records of a JSON file, streamed, each parsed on its own so that one broken record hides no other. */
export async function* readJsonRecords(file: string, layout: JsonLayout): AsyncGenerator<RawRecord> {
  if (layout === 'lines') {
    for await (const { text, line } of readLines(file)) yield parse(`${file}:${line}`, text);
    return;
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const name = layout === 'array' ? file : `${file}: data`;
  for await (const { index, json } of readJsonArray(file, layout === 'array' ? undefined : 'data')) {
    const where = `${name}[${index}]`;
    let text: string;
    try {
      text = decoder.decode(json);
    } catch {
      yield { where, problems: [`${where}: expected UTF-8 text, got other bytes`] };
      continue;
    }
    yield parse(where, text);
  }
}

function parse(where: string, json: string): RawRecord {
  try {
    return { where, value: JSON.parse(json) as unknown };
  } catch (error) {
    const message = (error as Error).message.slice(0, 200);
    return { where, problems: [`${where}: expected a JSON object, got no JSON (${message})`] };
  }
}
