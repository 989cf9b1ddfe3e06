import path from 'node:path';
import { readChunks } from '../../harness/files/read-chunks.ts';
import { printable } from '../../harness/printable.ts';
import { LONGEST, wholeWord, type MachineTraces } from './machine-traces.ts';

/** Pictures and other compressed files: their bytes spell short words by chance, and their paths' forms too. */
const BINARY = /\.(png|pdf|gz|woff2?)$/;
const SHORTEST_IN_BINARY = 6;
/** Characters of a match that lies over the border of two chunks, at most. */
const OVERLAP = 4 * LONGEST;
const SHOWN = 80;

/** Something of the machine in a file of a site. */
export interface FoundTrace {
  /** `file:line`. */
  readonly where: string;
  readonly what: string;
  /** The text itself; undefined where it may be secret. */
  readonly text?: string;
}

/**
 * What files hold, in their texts or their names, that tells of the machine, each text once a file. Read as streams.
 *
 * @param allowed Texts, or beginnings of paths, that are no finding.
 */
export async function findTraces(
  folder: string,
  files: readonly string[],
  traces: MachineTraces,
  allowed: readonly string[],
): Promise<FoundTrace[]> {
  const searches: Search[] = [
    ...traces.texts.map(({ what, text, shown }) => ({ what, shown, text, pattern: wholeWord(text) })),
    ...traces.patterns.map((search) => ({ ...search, shown: true })),
  ];
  const found: FoundTrace[] = [];
  for (const file of files) {
    const binary = BINARY.test(file);
    const inFile = searches.filter(({ what, text }) => !binary || (text === undefined ? what === 'an address of a file' : text.length >= SHORTEST_IN_BINARY)); // prettier-ignore
    const known = new Set<string>();
    const note = (search: Search, match: string, where: string): void => {
      if (known.has(match) || allowed.some((text) => match === text || (search.text === undefined && match.startsWith(text)))) return; // prettier-ignore
      known.add(match);
      const { what, shown } = search;
      found.push({ where, what, ...(shown && { text: printable(match).slice(0, SHOWN) }) });
    };
    search(file, 0, file.length, searches, (search, match) => note(search, match, `${file} (its name)`));
    await searchFile(path.join(folder, file), binary, inFile, (search, match, line) =>
      note(search, match, binary ? file : `${file}:${line}`),
    );
  }
  return found;
}

interface Search {
  readonly what: string;
  readonly pattern: RegExp;
  readonly shown: boolean;
  /** The text that is looked for; undefined for a form. */
  readonly text?: string;
}

async function searchFile(
  file: string,
  binary: boolean,
  searches: readonly Search[],
  onFound: (search: Search, match: string, line: number) => void,
): Promise<void> {
  const decoder = new TextDecoder(binary ? 'latin1' : 'utf-8');
  let line = 1;
  let text = '';
  /** Characters at the text's beginning that were searched already: they are there for what a match must not have before it. */
  let before = 0;
  const searchTo = (end: number): void => {
    search(text, before, end, searches, (found, match, at) => onFound(found, match, line + lines(text, before, at)));
    const kept = Math.max(0, end - 1);
    line += lines(text, before, end);
    before = end - kept;
    text = text.slice(kept);
  };
  for await (const chunk of readChunks(file)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length - before > 2 * OVERLAP) searchTo(text.length - OVERLAP);
  }
  text += decoder.decode();
  searchTo(text.length);
}

/** Finds what begins in a part of a text. */
function search(
  text: string,
  from: number,
  to: number,
  searches: readonly Search[],
  onFound: (search: Search, match: string, at: number) => void,
): void {
  for (const search of searches) {
    // A search for a text itself is quicker than one for a pattern, and most are not there.
    if (search.text !== undefined && !text.includes(search.text, from)) continue;
    search.pattern.lastIndex = from;
    for (let match = search.pattern.exec(text); match && match.index < to; match = search.pattern.exec(text)) {
      onFound(search, match[0], match.index);
    }
  }
}

function lines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
