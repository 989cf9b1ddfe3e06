import { InputError } from '../harness/errors.ts';
import { claraEndToEnd, claraInstruction, claraPretraining } from './clara.ts';
import { dpr } from './dpr.ts';
import type { Format } from './format.ts';
import { hotpotqa } from './hotpotqa.ts';
import { jsonLayout, readJsonRecords } from './json-records.ts';
import { musique } from './musique.ts';
import { native } from './native.ts';
import { nqOpen } from './nq-open.ts';
import { passageList } from './passage-list.ts';
import { squad } from './squad.ts';
import { twoWikiMultihopqa } from './two-wiki-multihopqa.ts';

/** Every JSON format, the more particular ones first: the first that matches a record is taken. */
export const formats: readonly Format[] = [
  hotpotqa,
  twoWikiMultihopqa,
  squad,
  musique,
  dpr,
  passageList,
  claraPretraining,
  claraInstruction,
  native,
  claraEndToEnd,
  nqOpen,
];

/**
 * The format of a JSON file, told from the keys of its first whole record.
 *
 * @throws InputError naming the keys found and the formats known, where none matches.
 */
export async function detectFormat(file: string): Promise<Format> {
  for await (const record of readJsonRecords(file, await jsonLayout(file))) {
    if ('problems' in record) continue;
    const { value, where } = record;
    const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
    const format = keys && formats.find((candidate) => candidate.matches(value as Record<string, unknown>));
    if (format) return format;
    throw new InputError(
      `${where}: expected a record of one of the formats ${formats.map(({ id }) => id).join(', ')}, got ` +
        (keys ? `the keys ${keys.slice(0, 20).join(', ') || '(none)'}` : JSON.stringify(value).slice(0, 60)),
    );
  }
  throw new InputError(`${file}: expected at least one record, got none`);
}
