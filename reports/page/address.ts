/** A place in the report, as it stands behind the # of its address: `#/questions?benchmark=squad&page=2`, or `#efficiency` for a section of the report. */
export interface Place {
  readonly view: 'report' | 'questions' | 'question';
  readonly parameters: URLSearchParams;
  /** A section of the report. */
  readonly anchor?: string;
}

const VIEWS = ['report', 'questions', 'question'] as const;

/** The place that the page's address names. */
export function readPlace(): Place {
  const hash = location.hash.slice(1);
  if (!hash.startsWith('/')) return { view: 'report', parameters: new URLSearchParams(), anchor: decode(hash) };
  const [name = '', query = ''] = hash.slice(1).split(/\?(.*)/s);
  const view = VIEWS.find((view) => view === name) ?? 'report';
  return { view, parameters: new URLSearchParams(query) };
}

/** The address of a place; parameters without a value are left out. */
export function addressOf(view: Place['view'], parameters: Iterable<readonly [string, string]>): string {
  const given = [...parameters].filter(([, value]) => value !== '');
  const query = new URLSearchParams(given.map(([name, value]) => [name, value])).toString();
  return `#/${view}${query ? `?${query}` : ''}`;
}

/** Names the place in the address without a new entry in the browser's history: for choices inside a view. */
export function noteAddress(address: string): void {
  history.replaceState(null, '', address);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
