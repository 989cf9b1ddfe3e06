import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A hub on localhost with one repository: the routes that fetching a model takes. */
export interface HubServer {
  readonly url: string;
  /** `GET path` of every request so far, with its range. */
  readonly requests: string[];
  /** Break the connection of the next download of this file after so many bytes. */
  breakAfter: { file: string; bytes: number } | undefined;
  /** Files that are sent otherwise than they are listed. */
  readonly tampered: Map<string, Buffer>;
  /** Where set, every request must bring it. */
  token: string | undefined;
  close(): Promise<void>;
}

/** The commit of the one revision, which the branch `main` names too. */
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const REPOSITORY = 'someone/tiny-model';
/** Larger files are listed with their SHA-256, as large-file storage does it, smaller ones with git's hash. */
const LARGE_BYTES = 4096;

/** Starts the hub with a repository `someone/tiny-model` of these files. */
export async function startHub(files: ReadonlyMap<string, Buffer>): Promise<HubServer> {
  const server = createServer((request, response) => answer(hub, files, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hub: HubServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    breakAfter: undefined,
    tampered: new Map(),
    token: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}

function answer(
  hub: HubServer,
  files: ReadonlyMap<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { pathname } = new URL(request.url ?? '/', hub.url);
  hub.requests.push(`${request.method} ${pathname} ${request.headers.range ?? ''}`.trim());
  if (hub.token && request.headers.authorization !== `Bearer ${hub.token}`) {
    return json(response, 401, { error: 'Access to model someone/tiny-model is restricted' });
  }
  if ([COMMIT, 'main'].some((revision) => pathname === `/api/models/${REPOSITORY}/revision/${revision}`)) {
    return json(response, 200, { _id: '1', id: REPOSITORY, sha: COMMIT, lastModified: '2026-01-01T00:00:00.000Z' });
  }
  if (pathname === `/api/models/${REPOSITORY}/tree/${COMMIT}`) {
    return json(
      response,
      200,
      [...files].map(([path, bytes]) => listed(path, bytes)),
    );
  }
  const prefix = `/${REPOSITORY}/resolve/${COMMIT}/`;
  const name = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '';
  const bytes = hub.tampered.get(name) ?? files.get(name);
  return bytes ? send(hub, name, bytes, request, response) : json(response, 404, { error: 'Repository not found' });
}

function listed(path: string, bytes: Buffer) {
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const lfs = bytes.length < LARGE_BYTES ? {} : { lfs: { oid: sha256, size: bytes.length, pointerSize: 130 } };
  return { type: 'file', path, size: bytes.length, oid, ...lfs };
}

function send(hub: HubServer, name: string, bytes: Buffer, request: IncomingMessage, response: ServerResponse) {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(Number(to ?? bytes.length - 1) + 1, bytes.length);
  const part = bytes.subarray(start, end);
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': part.length,
    etag: '"1"',
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }),
  });
  const cut = hub.breakAfter;
  if (cut?.file === name && part.length > cut.bytes) {
    hub.breakAfter = undefined;
    response.write(part.subarray(0, cut.bytes));
    // A connection that is reset at once takes what was sent before with it.
    return setTimeout(() => response.destroy(), 200);
  }
  return response.end(part);
}

function json(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' });
  return response.end(JSON.stringify(body));
}
