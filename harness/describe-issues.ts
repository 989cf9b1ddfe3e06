import type { z } from 'zod';

/** Longer lists of problems of one value help nobody. */
const MAX_ISSUES = 20;

/** What a schema found wrong, one text an issue: `where: field[3].name: expected ..., got ...`. `where` says which file and line, or which option. */
export function describeIssues(error: z.ZodError, where: string): string[] {
  const texts = error.issues.flatMap(flatten).map(({ path, message }) => {
    const field = fieldName(path);
    const text = message.replace(/^Invalid input: /, '').replace(/, received /, ', got ');
    return `${where}: ${field && `${field}: `}${text}`;
  });
  if (texts.length <= MAX_ISSUES) return texts;
  return [...texts.slice(0, MAX_ISSUES), `${where}: and ${texts.length - MAX_ISSUES} further problems`];
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of the alternatives of a union, the problems of the one that fits best (fewest problems) say most. */
function flatten(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const best = issue.errors.reduce((a, b) => (b.length < a.length ? b : a));
  return best.flatMap(flatten).map((inner) => ({ path: [...issue.path, ...inner.path], message: inner.message }));
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}${name && '.'}${String(key)}`),
    '',
  );
}
