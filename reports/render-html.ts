import { CHART_WIDTH, type Picture } from './charts/render-chart.ts';
import type { Block, Cell, Column, ReportDocument, Section, Table } from './document.ts';
import { escapeHtml as text } from './text/escape-html.ts';
import { pageStyle } from './page-style.ts';

const MARKS: Record<NonNullable<Cell['mark']>, string> = {
  failed: '',
  right: '<span class="sign" role="img" aria-label="right">✓</span> ',
  wrong: '<span class="sign" role="img" aria-label="wrong">✗</span> ',
};

/** A report as one HTML page that needs nothing but itself: styles inside, pictures as data, no script. */
export function renderHtml({ title, summary, sections }: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${text(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
<p>${text(summary)}</p>
<nav aria-label="Sections"><ul>
${sections.map((section) => `<li><a href="#${anchor(section)}">${text(section.heading)}</a></li>`).join('\n')}
</ul></nav>
</header>
<main>
${sections.map(renderSection).join('\n')}
</main>
</body>
</html>
`;
}

function renderSection(section: Section): string {
  const id = anchor(section);
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${text(section.heading)}</h2>
${section.blocks.map(renderBlock).join('\n')}
</section>`;
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

/** A picture as an image of its own, not as drawing in the page, because the ids inside the drawings of one page would meet. */
function renderPicture({ chart, svg }: Picture): string {
  const data = Buffer.from(svg).toString('base64');
  const alt = `${chart.title}. ${chart.subtitle}. ${chart.alt}`;
  return `<figure><img src="data:image/svg+xml;base64,${data}" width="${CHART_WIDTH}" height="${chart.height}" alt="${text(alt)}"></figure>`;
}

function renderTable({ caption, columns, rows, notes = [] }: Table): string {
  const head = columns.map((column) => `<th scope="col"${numeric(column)}>${text(column.label)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, at) => renderCell(cell, columns[at]!, at === 0)).join('')}</tr>`,
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
  const content = `${cell.mark ? MARKS[cell.mark] : ''}<bdi>${text(cell.text)}</bdi>`;
  return isFirst ? `<th scope="row"${mark}>${content}</th>` : `<td${numeric(column)}${mark}>${content}</td>`;
}

function numeric({ numeric = false }: Column): string {
  return numeric ? ' class="number"' : '';
}
