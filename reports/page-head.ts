import { PAGE_SCRIPTS, PAGE_STYLE } from './page-files.ts';
import { PAGE_POLICY } from './page-policy.ts';
import { escapeHtml } from './text/escape-html.ts';

/** How a page of a report or a site begins, up to its body: the policy that lets no inline script run, its style and its scripts. `links` and `data` are markup, and stand before and behind those. */
export function pageHead(
  title: string,
  {
    scripts = true,
    links = [],
    data = [],
  }: { readonly scripts?: boolean; readonly links?: readonly string[]; readonly data?: readonly string[] } = {},
): string {
  // prettier-ignore
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="stylesheet" href="${PAGE_STYLE}">`,
    ...links,
    ...(scripts ? PAGE_SCRIPTS : []).map((file) => `<script defer src="${file}"></script>`),
    ...data,
    '</head>',
  ].join('\n');
}
