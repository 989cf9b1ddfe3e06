import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { downloadFile, HubApiError, listFiles, modelInfo, type ListFileEntry } from '@huggingface/hub';
import { InputError, MachineError } from '../../errors.ts';
import { sha256File } from '../../files/sha256.ts';
import type { HubSource } from '../registry.ts';
import type { Fetched, OnBytes } from './fetch-from-wheel.ts';

/** What of a repository is fetched: what `openModelFolder` reads. */
const WANTED =
  /^(?:config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|chat_template\.(?:jinja|json)|model\.safetensors(?:\.index\.json)?|model-\d{5}-of-\d{5}\.safetensors)$/;
/** A repository of more entries is no single model; the listing is read page by page. */
const MAX_ENTRIES = 100_000;
/** A connection that breaks is tried again, from where it broke. */
const ATTEMPTS = 3;

/** Where the hub is and who asks: HF_ENDPOINT and HF_TOKEN, as in Hugging Face's own tools. */
interface HubAccess {
  readonly repo: { readonly type: 'model'; readonly name: string };
  readonly hubUrl?: string;
  readonly accessToken?: string;
}

/**
 * Fetches a model's files of a repository of the hub into a folder. Each is checked against the size and the hash (SHA-256 of large files, git's of small ones)
 * in the hub's listing of the commit; a file that is there and right is kept, a part of one is continued.
 *
 * @throws InputError where there is no such repository or revision, or no model in it; MachineError where the network or a check fails.
 */
export async function fetchFromHub(source: HubSource, folder: string, onBytes: OnBytes): Promise<Fetched> {
  const access: HubAccess = {
    repo: { type: 'model', name: source.repository },
    hubUrl: process.env.HF_ENDPOINT?.replace(/\/+$/, '') || undefined,
    accessToken: process.env.HF_TOKEN || undefined,
  };
  if (access.accessToken && !access.accessToken.startsWith('hf_')) {
    throw new InputError('HF_TOKEN: expected a token of the hub, which begins with hf_, got another text');
  }
  try {
    const commit = await resolveCommit(source, access);
    const entries = await list(source, access, commit);
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const { path: name, size } of entries) {
      before += Math.min(size, (await sizeOf(path.join(folder, name))) || (await sizeOf(partOf(folder, name))));
    }
    const files = [];
    let done = 0;
    for (const entry of entries) {
      const sha256 = await fetchFile(entry, access, commit, folder, (bytes) => onBytes(done + bytes, total, before));
      files.push({ path: entry.path, bytes: entry.size, sha256 });
      done += entry.size;
    }
    return { files, origin: `${source.repository}@${commit}` };
  } catch (error) {
    throw explained(error, source);
  }
}

async function resolveCommit({ repository, revision }: HubSource, access: HubAccess): Promise<string> {
  const { sha } = await modelInfo({ ...access, name: repository, revision, additionalFields: ['sha'] });
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw new MachineError(`${repository}: the hub names no commit for ${revision}, but ${sha}`);
  return sha;
}

async function list(source: HubSource, access: HubAccess, commit: string): Promise<ListFileEntry[]> {
  const all: ListFileEntry[] = [];
  let seen = 0;
  for await (const entry of listFiles({ ...access, revision: commit })) {
    if (++seen > MAX_ENTRIES) throw new InputError(`${source.repository}: expected at most ${MAX_ENTRIES} files`);
    if (entry.type === 'file' && WANTED.test(entry.path)) all.push(entry);
  }
  const names = new Set(all.map((entry) => entry.path));
  const missing = ['config.json', 'tokenizer.json'].filter((name) => !names.has(name));
  if (!names.has('model.safetensors') && !names.has('model.safetensors.index.json')) missing.push('model.safetensors');
  if (missing.length > 0)
    throw new InputError(`hub:${source.repository}@${source.revision}: expected ${missing.join(', ')} in it, got none`);
  // Some repositories have the model both whole and in shards.
  return names.has('model.safetensors') ? all.filter(({ path: name }) => !/index|-of-/.test(name)) : all;
}

/** Fetches one file unless it is there, and gives its SHA-256. */
async function fetchFile(
  entry: ListFileEntry,
  access: HubAccess,
  commit: string,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const target = path.join(folder, entry.path);
  const part = partOf(folder, entry.path);
  if ((await sizeOf(target)) === entry.size && (await isRight(target, entry))) return sha256File(target);
  const blob = await downloadFile({ ...access, path: entry.path, revision: commit });
  if (!blob || blob.size !== entry.size) {
    throw new MachineError(`${entry.path}: the hub lists ${entry.size} bytes, but has ${blob?.size ?? 'none'}`);
  }
  for (let attempt = 1; ; attempt++) {
    let have = await sizeOf(part);
    if (have > entry.size) {
      await rm(part, { force: true });
      have = 0;
    }
    try {
      if (have < entry.size || entry.size === 0) await receive(blob, part, have, entry.size, onBytes);
      if (await isRight(part, entry)) break;
      // What was there before may be of another commit, or damaged: once more from the start.
      await rm(part, { force: true });
      if (attempt >= ATTEMPTS)
        throw new MachineError(`${entry.path}: its hash is not the one in the hub's listing; it was deleted`);
    } catch (error) {
      if (attempt >= ATTEMPTS || error instanceof MachineError || (error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw error;
    }
  }
  await rename(part, target);
  return sha256File(target);
}

async function receive(
  blob: Blob,
  part: string,
  have: number,
  size: number,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let bytes = have;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(bytes > size ? new Error(`more than the ${size} bytes that the hub lists`) : null, chunk);
    },
  });
  const rest = have === 0 ? blob : blob.slice(have, size);
  await pipeline(Readable.fromWeb(rest.stream()), count, createWriteStream(part, { flags: 'a', flush: true }));
  if (bytes !== size) throw new Error(`the connection ended after ${bytes} of ${size} bytes`);
}

/** Large files are named by their SHA-256, small ones by git's hash of a blob: SHA-1 over its length and its bytes. */
async function isRight(file: string, { size, oid, lfs }: ListFileEntry): Promise<boolean> {
  if ((await sizeOf(file)) !== size) return false;
  if (lfs) return (await sha256File(file)) === lfs.oid;
  const hash = createHash('sha1').update(`blob ${size}\0`);
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex') === oid;
}

function partOf(folder: string, name: string): string {
  return path.join(folder, `${name}.part`);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function explained(error: unknown, { repository, revision }: HubSource): unknown {
  if (error instanceof InputError || error instanceof MachineError) return error;
  const id = `hub:${repository}@${revision}`;
  if (error instanceof HubApiError) {
    if (error.statusCode === 404)
      return new InputError(`${id}: expected a model and a revision that are on the hub, got none`);
    if (error.statusCode === 401 || error.statusCode === 403) {
      return new InputError(
        `${id}: expected a token that may read it in HF_TOKEN (accept the model's licence on its page first), got refused`,
      );
    }
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return error;
  const cause = (error as Error).cause;
  const reason =
    cause instanceof Error && cause.message ? cause.message : error instanceof Error ? error.message : String(error);
  return new MachineError(`${id}: could not be fetched: ${reason}; running it again goes on from here`);
}
