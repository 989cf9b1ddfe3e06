import { pageHead } from '../page-head.ts';
import { escapeHtml as text } from '../text/escape-html.ts';
import type { SiteCell, SiteTable } from './board-table.ts';

/** Pages of a site, in the order of its navigation. */
const PAGES = [
  { file: 'index.html', name: 'Reports' },
  { file: 'leaderboard.html', name: 'Leaderboard' },
  { file: 'trends.html', name: 'Trends' },
] as const;

export type SitePage = (typeof PAGES)[number]['file'];

/** The style that a site has beside a report's. */
export const SITE_STYLE = 'assets/site.css';

/** What a page of a site is put together from. */
export interface PageParts {
  readonly page: SitePage;
  readonly site: string;
  readonly intro: string;
  /** HTML. */
  readonly main: string;
  /** Address of the site, ending in a slash, where it is known. */
  readonly baseUrl?: string;
  /** JSON-LD of the page. */
  readonly description?: object;
}

/** A page of a site. Without scripts it can be read whole. */
export function sitePage({ page, site, intro, main, baseUrl, description }: PageParts): string {
  const { name } = PAGES.find(({ file }) => file === page)!;
  const title = page === 'index.html' ? site : `${name} – ${site}`;
  const pages = PAGES.map(
    ({ file, name }) => `<li><a href="${file}"${file === page ? ' aria-current="page"' : ''}>${name}</a></li>`,
  );
  const address = page === 'index.html' ? '' : page;
  const canonical = baseUrl === undefined ? [] : [`<link rel="canonical" href="${text(`${baseUrl}${address}`)}">`];
  const links = [...canonical, `<link rel="stylesheet" href="${SITE_STYLE}">`];
  const data = description ? [`<script type="application/ld+json">${jsonInHtml(description)}</script>`] : [];
  return `${pageHead(title, { links, data })}
<body>
<a class="skip" href="#main">To the content</a>
<header>
<p class="site">${text(site)}</p>
<h1>${name}</h1>
<p>${text(intro)}</p>
<nav aria-label="Pages" class="pages"><ul>
${pages.join('\n')}
</ul></nav>
</header>
<main id="main" tabindex="-1">
<div id="report">
${main}
</div>
</main>
<p id="status" role="status" class="unseen"></p>
</body>
</html>
`;
}

/** A table as HTML. */
export function siteTable({ caption, header, columns, rows }: SiteTable): string {
  const kind = (at: number): string => (columns[at]!.kind ? ` class="${columns[at]!.kind}"` : '');
  const head = columns.map(({ label }, at) => `<th scope="col"${kind(at)}>${text(label)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === header ? `<th scope="row">${content(cell)}</th>` : `<td${kind(at)}${mark(cell)}>${content(cell)}</td>`,
    );
    return `<tr data-row>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${text(caption)}" tabindex="0"><table>
<caption><bdi>${text(caption)}</bdi></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function content({ text: plain = '', links }: SiteCell): string {
  if (!links) return `<bdi>${text(plain)}</bdi>`;
  return links.map(({ title, href }) => `<a href="${text(href)}"><bdi>${text(title)}</bdi></a>`).join(', ');
}

function mark({ mark }: SiteCell): string {
  return mark ? ` data-mark="${mark}"` : '';
}

/** JSON that cannot end the element in which it stands. */
function jsonInHtml(value: object): string {
  return JSON.stringify(value).replace(/[<>&]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`); // prettier-ignore
}
