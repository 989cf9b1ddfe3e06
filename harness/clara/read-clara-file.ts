import path from 'node:path';
import { readJson } from '../files/read-json.ts';
import { CLARA_FILE, claraFileSchema, type ClaraFile } from './clara-file.ts';

/** Settings and the names of their adapters take some hundred bytes. */
const MAX_BYTES = 1 << 20;

/** What clara.json of a checkpoint's folder says. @throws InputError where it is missing or wrong. */
export function readClaraFile(folder: string): Promise<ClaraFile> {
  return readJson(path.join(folder, CLARA_FILE), claraFileSchema, MAX_BYTES);
}
