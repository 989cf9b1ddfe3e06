import { InputError } from '../harness/errors.ts';
import { readChunks } from '../harness/files/read-chunks.ts';

/** An element of a JSON array, not parsed yet. */
export interface ArrayElement {
  /** Zero-based, as in `jq .[3]`. */
  readonly index: number;
  readonly json: Buffer;
}

/** No article or question of a published benchmark comes near this; a longer element is refused before it fills the memory. */
const MAX_ELEMENT_BYTES = 256 * 1024 * 1024;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * Splits one huge JSON array into its elements while it is read, in memory bounded by the longest element: the array that is the whole file,
 * or the array under `key` of the object that is the whole file. The elements are found by brackets and quotes; the caller parses them.
 *
 * @throws InputError where the file is no such array, is cut off, goes on after its end, or has an element of over 256 MiB.
 */
export async function* readJsonArray(file: string, key?: string): AsyncGenerator<ArrayElement> {
  const arrayDepth = key === undefined ? 1 : 2;
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  let depth = 0;
  let stringStart = -1;
  let elementStart = -1;
  let keyStart = -1;
  let currentKey: string | undefined;
  let index = 0;
  let found = false;
  let first = true;

  for await (const chunk of readChunks(file)) {
    const keep = elementStart >= 0 ? elementStart : keyStart >= 0 ? keyStart : at;
    bytes = keep === bytes.length ? chunk : Buffer.concat([bytes.subarray(keep), chunk]);
    at -= keep;
    if (stringStart >= 0) stringStart -= keep;
    if (elementStart >= 0) elementStart = 0;
    if (keyStart >= 0) keyStart = 0;
    if (bytes.length - chunk.length > MAX_ELEMENT_BYTES) {
      throw new InputError(`${file}[${index}]: an element of over ${MAX_ELEMENT_BYTES} bytes`);
    }
    if (first) {
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
      first = false;
    }
    while (at < bytes.length) {
      if (stringStart >= 0) {
        const quote = bytes.indexOf(QUOTE, at);
        at = quote < 0 ? bytes.length : quote + 1;
        if (quote < 0 || isEscaped(bytes, quote, stringStart)) continue;
        if (keyStart >= 0) {
          currentKey = bytes.toString('utf8', stringStart, quote);
          keyStart = -1;
        }
        stringStart = -1;
        continue;
      }
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        stringStart = at + 1;
        if (depth === 1 && key !== undefined && currentKey === undefined) keyStart = at;
      } else if (OPEN.has(byte)) {
        if (depth === 0 && (found || byte !== (key === undefined ? 0x5b : 0x7b) || index > 0)) throw notThis(file, key);
        depth++;
        if (!found && depth === arrayDepth && byte === 0x5b && (key === undefined || currentKey === key)) {
          found = true;
          elementStart = at + 1;
        }
      } else if (CLOSE.has(byte)) {
        if (elementStart >= 0 && depth === arrayDepth) {
          const json = bytes.subarray(elementStart, at);
          if (index > 0 || !isBlank(json)) yield { index: index++, json };
          elementStart = -1;
        }
        depth--;
        if (depth < 0) throw notThis(file, key);
      } else if (byte === COMMA) {
        if (elementStart >= 0 && depth === arrayDepth) {
          yield { index: index++, json: bytes.subarray(elementStart, at) };
          elementStart = at + 1;
        } else if (depth === 1) currentKey = undefined;
      } else if (depth === 0 && !SPACE.has(byte) && byte !== COLON) {
        throw notThis(file, key);
      }
      at++;
    }
  }
  if (depth > 0) throw new InputError(`${file}[${index}]: the file ends inside this element: it is cut off`);
  if (!found) throw notThis(file, key);
}

function isEscaped(bytes: Buffer, quote: number, stringStart: number): boolean {
  let backslashes = 0;
  while (quote - backslashes - 1 >= stringStart && bytes[quote - backslashes - 1] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function isBlank(json: Buffer): boolean {
  return json.every((byte) => SPACE.has(byte));
}

function notThis(file: string, key: string | undefined): InputError {
  return new InputError(
    key === undefined
      ? `${file}: expected one JSON array and nothing after it`
      : `${file}: expected one JSON object with an array under "${key}", and nothing after it`,
  );
}
