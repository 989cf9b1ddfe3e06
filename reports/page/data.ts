/*
 * Files of data are scripts: a page opened from a folder may load those, and nothing else. Each calls `claraBench.give(name, value)`.
 */
const waiting = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
const kept = new Map<string, Promise<unknown>>();
/** Files kept in memory: enough to go back and forth. */
const KEPT = 8;

declare global {
  interface Window {
    claraBench: { give: (name: string, value: unknown) => void };
  }
}

window.claraBench = {
  give(name, value) {
    waiting.get(name)?.resolve(value);
    waiting.delete(name);
  },
};

/** The value of a file of data, read when it is first asked for. */
export function load<T>(name: string): Promise<T> {
  let found = kept.get(name);
  if (!found) {
    found = read(name);
    found.catch(() => kept.delete(name));
  }
  kept.delete(name);
  kept.set(name, found);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return found as Promise<T>;
}

/** Files that are read ahead: a browser takes as long to begin with one as to read it. */
const AHEAD = 8;

/** The values of the files `<name>-0`, `<name>-1`, ... in this order, for what goes through all of them once: they are not kept. */
export async function* loadAhead<T>(name: string, files: number): AsyncGenerator<T> {
  const asked: Promise<unknown>[] = [];
  for (let file = 0; file < files + AHEAD; file++) {
    if (file < files) {
      const found = kept.get(`${name}-${file}`) ?? read(`${name}-${file}`);
      // One that is never waited for, as the reader has gone elsewhere, must not fail unheard.
      found.catch(() => undefined);
      asked.push(found);
    }
    if (file >= AHEAD) yield (await asked.shift()) as T;
  }
}

/** Reads of the same file at the same time share one. */
const reading = new Map<string, Promise<unknown>>();

function read(name: string): Promise<unknown> {
  const known = reading.get(name);
  if (known) return known;
  const script = document.createElement('script');
  const found = new Promise<unknown>((resolve, reject) => {
    waiting.set(name, { resolve, reject });
    const refuse = (): void => reject(new Error(`data/${name}.js could not be read: is the report’s folder whole?`));
    script.onerror = refuse;
    // Of no effect where the file has given its value.
    script.onload = refuse;
    script.src = `data/${name}.js`;
    document.head.append(script);
  }).finally(() => {
    script.remove();
    reading.delete(name);
    waiting.delete(name);
  });
  reading.set(name, found);
  return found;
}
