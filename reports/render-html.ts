import { CHART_WIDTH, type Picture } from './charts/render-chart.ts';
import type { Block, Cell, Column, Facets, ReportDocument, Section, Table } from './document.ts';
import { rankedText } from './tables/ranked-text.ts';
import { escapeHtml as text } from './text/escape-html.ts';
import { pageHead } from './page-head.ts';

const MARKS: Record<NonNullable<Cell['mark']>, string> = {
  failed: '',
  right: '<span class="sign" role="img" aria-label="right">✓</span> ',
  wrong: '<span class="sign" role="img" aria-label="wrong">✗</span> ',
};

/** A report as an HTML page beside its folder's other files. Without scripts it is whole but for the questions; with them its tables are sorted and filtered and its charts are live; for print they are left out. */
export function renderHtml({ title, summary, sections }: ReportDocument, { scripts = true } = {}): string {
  return `${pageHead(title, { scripts })}
<body>
<a class="skip" href="#main">To the content</a>
<header>
<h1>${text(title)}</h1>
<p>${text(summary)}</p>
<nav aria-label="Views" class="views"><ul>
<li><a data-view="report" href="#/report">Report</a></li>
<li><a data-view="questions" href="#/questions">Questions</a></li>
</ul></nav>
<noscript><p>Sorting, filters, live charts and the questions need scripts, which are switched off. Everything else is here.</p></noscript>
</header>
<main id="main" tabindex="-1">
<div id="report">
<nav aria-label="Sections" class="sections"><ul>
${sections.map((section) => `<li><a href="#${anchor(section)}">${text(section.heading)}</a></li>`).join('\n')}
</ul></nav>
${sections.map(renderSection).join('\n')}
</div>
<div id="questions" hidden></div>
</main>
<p id="status" role="status" class="unseen"></p>
</body>
</html>
`;
}

function renderSection(section: Section): string {
  const id = anchor(section);
  const heading = `<h2 id="${id}-heading">${text(section.heading)}</h2>`;
  const blocks = section.blocks.map(renderBlock).join('\n');
  // Open as it is written: a page without scripts, and one that is printed, is whole.
  const content = section.folded
    ? `<details open>\n<summary>${heading}</summary>\n${blocks}\n</details>`
    : `${heading}\n${blocks}`;
  return `<section id="${id}" aria-labelledby="${id}-heading">\n${content}\n</section>`;
}

function anchor({ heading }: Section): string {
  return heading.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${text(block.text)}</p>`;
    case 'list':
      return `<dl>${block.items.map(({ term, text: meaning }) => `<div><dt>${text(term)}</dt><dd>${text(meaning)}</dd></div>`).join('\n')}</dl>`;
    case 'code':
      return `<pre tabindex="0"><code>${text(block.text)}</code></pre>`;
    case 'pictures':
      return `<div class="pictures">\n${block.pictures.map(renderPicture).join('\n')}\n</div>`;
    case 'table':
      return renderTable(block);
  }
}

/** A chart's picture, in whose place the page's script draws the same chart. */
function renderPicture({ chart }: Picture): string {
  const { name, title, subtitle, alt, height, benchmark } = chart;
  const file = `charts/${encodeURIComponent(name)}`;
  const about = benchmark === undefined ? '' : ` data-benchmark="${text(benchmark)}"`;
  return `<figure data-chart="${text(name)}"${about}><img src="${file}.svg" width="${CHART_WIDTH}" height="${height}" alt="${text(`${title}. ${subtitle}. ${alt}`)}">
<figcaption><a href="${file}.svg">SVG</a> <a href="${file}.png">PNG</a></figcaption></figure>`;
}

function renderTable({ caption, columns, rows, facets, notes = [] }: Table): string {
  const head = columns
    .map((column) => `<th scope="col"${numeric(column)}${facetAttributes(column)}>${text(column.label)}</th>`)
    .join('');
  const body = rows.map(
    (row, at) =>
      `<tr${facets ? ` data-row${facetAttributes(facets[at])}` : ''}>${row.map((cell, at) => renderCell(cell, columns[at]!, at === 0)).join('')}</tr>`,
  );
  return `<div class="scroll" role="region" aria-label="${text(caption)}" tabindex="0"><table>
<caption><bdi>${text(caption)}</bdi></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>
${notes.map((note) => `<p class="note">${text(note)}</p>`).join('\n')}`;
}

function renderCell(cell: Cell, column: Column, isFirst: boolean): string {
  const mark = cell.mark ? ` data-mark="${cell.mark}"` : '';
  const content = `${cell.mark ? MARKS[cell.mark] : ''}<bdi>${rankedHtml(cell)}</bdi>`;
  return isFirst ? `<th scope="row"${mark}>${content}</th>` : `<td${numeric(column)}${mark}>${content}</td>`;
}

/** The value that is the best of its column bold, one that does not differ from it underlined; for those who do not see it, in words. */
function rankedHtml(cell: Cell): string {
  const { marked, rest } = rankedText(cell);
  if (cell.rank === 'best') return `<strong>${text(marked)}<span class="unseen"> (best)</span></strong>${text(rest)}`;
  if (cell.rank === 'tied') return `<u>${text(marked)}<span class="unseen"> (tied)</span></u>${text(rest)}`;
  return text(rest);
}

/** What a row, or a column, is chosen by. */
function facetAttributes({ benchmark, ratio, documents }: Facets = {}): string {
  return Object.entries({ benchmark, ratio, documents })
    .map(([name, value]) => (value === undefined ? '' : ` data-${name}="${text(value)}"`))
    .join('');
}

function numeric({ numeric = false }: Column): string {
  return numeric ? ' class="number"' : '';
}
