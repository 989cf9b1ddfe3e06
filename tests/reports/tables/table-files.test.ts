import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import papaparse from 'papaparse';
import type { Cell, ReportDocument, Table } from '../../../reports/document.ts';
import { renderHtml } from '../../../reports/render-html.ts';
import { renderMarkdown } from '../../../reports/render-markdown.ts';
import { tableFiles } from '../../../reports/tables/table-files.ts';
import { tableName, withDistinctNames } from '../../../reports/table-name.ts';

const HOSTILE = ['\\input{/etc/passwd}', '=cmd()', '^^5c % & # _ ~ {', '<script>|`[x]', '} \\\\ \\end{tabular}'];

function tableOf(rows: readonly (readonly Cell[])[], given: Partial<Table> = {}): Table {
  const columns = rows[0]!.map((_, at) => ({ label: at === 0 ? 'System' : `Exact match ${at}, %`, numeric: at > 0 }));
  return { kind: 'table', name: 'results', caption: `50 % of ${HOSTILE[0]}`, columns, rows, ...given };
}

function filesOf(table: Table): { csv: string; tex: string } {
  const files = new Map(tableFiles(documentOf(table)));
  return { csv: files.get(`tables/${table.name}.csv`)!, tex: files.get(`tables/${table.name}.tex`)! };
}

function documentOf(...tables: readonly Table[]): ReportDocument {
  return { title: 'Tables', summary: '', sections: [{ heading: 'Results', blocks: tables }] };
}

/** A LaTeX text without its comments and escaped signs. */
const structureOf = (tex: string): string => tex.replace(/^%.*$/gm, '').replace(/\\[{}&%$#_]/g, '');

/** Braces and environments closed in the order in which they were opened, and in each part so many cells in each row that the parts have all columns, behind the first again. */
function checkLatex(tex: string, columns: number): void {
  const structure = structureOf(tex);
  let depth = 0;
  for (const character of structure) {
    depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    assert.ok(depth >= 0, 'a brace closed that was not opened');
  }
  assert.equal(depth, 0);
  const open: string[] = [];
  for (const [, what, name] of structure.matchAll(/\\(begin|end)\{([a-z]+)\}/g)) {
    if (what === 'begin') open.push(name!);
    else assert.equal(open.pop(), name);
  }
  assert.deepEqual(open, []);
  const parts = structure.split('\\caption').slice(1);
  const widths = parts.map((part) => {
    const rows = part.split('\n').filter((line) => / \\tabularnewline$/.test(line));
    const counts = new Set(rows.map((row) => row.split('&').length));
    assert.equal(counts.size, 1, [...counts].join());
    return [...counts][0]!;
  });
  assert.equal(
    widths.reduce((sum, width) => sum + width - 1, 1),
    columns,
  );
}

const value: Cell = { text: '96.0 [92.8, 97.8]', value: 96.000001, low: 92.8, high: 97.8, n: 250, rank: 'best' };
const tied: Cell = { ...value, text: '95.0 [91.0, 97.0] †2', value: 95, rank: 'tied', mark: 'failed' };

describe('tables as CSV', () => {
  const rows = [
    [{ text: '=cmd()' }, value],
    [{ text: '-1+2' }, tied],
    [{ text: 'text' }, { text: '–' }],
    [{ text: 'other' }, { text: 'no run' }],
  ];
  test('have numbers in full precision with what belongs to them, and formulas disarmed', () => {
    const { data, meta } = papaparse.parse<Record<string, string>>(filesOf(tableOf(rows)).csv, {
      header: true,
      skipEmptyLines: true,
    });
    const label = 'Exact match 1, %';
    assert.deepEqual(meta.fields, ['System', label, ...['low', 'high', 'n', 'rank'].map((what) => `${label} ${what}`)]);
    assert.deepEqual(
      data.map((row) => Object.values(row)),
      [
        ["'=cmd()", '96.000001', '92.8', '97.8', '250', 'best'],
        ["'-1+2", '95', '92.8', '97.8', '250', 'tied'],
        ['text', '', '', '', '', ''],
        ['other', 'no run', '', '', '', ''],
      ],
    );
  });
});

describe('tables as LaTeX', () => {
  test('are booktabs with caption, label, notes, and ranks on the value alone', () => {
    const { tex } = filesOf(
      tableOf(
        [
          [{ text: 'a' }, value],
          [{ text: 'b' }, tied],
        ],
        { notes: ['A note: 5 %.'] },
      ),
    );
    checkLatex(tex, 2);
    assert.match(tex, /^% Needs \\usepackage\{booktabs,graphicx\}/);
    for (const part of ['\\toprule', '\\midrule', '\\bottomrule', '\\label{tab:results}', 'A note: 5 \\%.\\par']) {
      assert.ok(tex.includes(part), part);
    }
    assert.ok(tex.includes('a & \\textbf{96.0} {[}92.8, 97.8{]} \\tabularnewline'));
    assert.ok(tex.includes('b & \\underline{95.0} {[}91.0, 97.0{]} \\textdagger{}2 \\tabularnewline'));
    assert.ok(tex.includes('\\caption{50 \\% of \\textbackslash{}input\\{/etc/passwd\\}}'));
  });
  test('hostile cells, heads and notes stay text in every layout', () => {
    const cells = (count: number, text: string): Cell[] => Array.from({ length: count }, () => ({ text }));
    for (const hostile of HOSTILE) {
      for (const [columns, lines, repeated] of [
        [2, 1, 1],
        [2, 80, 1],
        [9, 3, 1],
        [4, 3, 40],
      ] as const) {
        const text = Array.from({ length: repeated }, () => hostile).join('');
        const rows = Array.from({ length: lines }, () => cells(columns, text));
        const { tex } = filesOf(
          tableOf(rows, { columns: rows[0]!.map(() => ({ label: hostile })), notes: [hostile], caption: hostile }),
        );
        checkLatex(tex, columns);
        assert.doesNotMatch(tex, /\\input|\^\^|\\write/);
        assert.equal(
          tex.match(/\\end\{(tabular|longtable)\}/g)!.length,
          structureOf(tex).match(/\\begin\{(tabular|longtable)\}/g)!.length,
        );
      }
    }
  });
  test('a long one is a longtable, a wide one stands across pages, one wider still comes in parts', () => {
    const wide = (columns: number): Cell[] => [{ text: 'a' }, ...Array.from({ length: columns }, () => value)];
    const long = filesOf(tableOf(Array.from({ length: 90 }, () => [{ text: 'a' }, value]))).tex;
    assert.match(long, /\\begin\{longtable\}/);
    assert.match(long, /\\endhead/);
    const across = filesOf(tableOf([wide(5)])).tex;
    assert.match(across, /\\begin\{landscape\}/);
    const parts = filesOf(tableOf([wide(14)])).tex;
    assert.match(
      parts,
      /\(part 1 of 3\)[^]*\\label\{tab:results\}[^]*\\label\{tab:results-part-2\}[^]*\\label\{tab:results-part-3\}/,
    );
    assert.equal(parts.match(/\\textbf\{96\.0\}/g)!.length, 14);
  });
  test('says which characters need LuaLaTeX', () => {
    assert.match(filesOf(tableOf([[{ text: '東京' }, value]])).tex, /U\+4EAC U\+6771\): use LuaLaTeX/);
  });
});

test('names of tables are file names, and each has its own', () => {
  assert.equal(tableName('results', 'atlas (documents 8)', 'Örg/../Model_1'), 'results-atlas-documents-8-org-model-1');
  const table = tableOf([[{ text: 'a' }, value]]);
  const [section] = withDistinctNames(documentOf(table, table, { ...table, name: 'results-2' }).sections);
  const names = section!.blocks.flatMap((block) => (block.kind === 'table' ? [block.name] : []));
  assert.deepEqual(names, ['results', 'results-2', 'results-2-2']);
});

test('the page and the Markdown show the best bold and the tied underlined, also to those who do not see it', () => {
  const document = documentOf(
    tableOf([
      [{ text: 'a' }, value],
      [{ text: 'b' }, tied],
    ]),
  );
  const html = renderHtml(document);
  assert.ok(html.includes('<strong>96.0<span class="unseen"> (best)</span></strong> [92.8, 97.8]'));
  assert.ok(html.includes('<u>95.0<span class="unseen"> (tied)</span></u> [91.0, 97.0] †2'));
  const markdown = renderMarkdown(document);
  assert.ok(markdown.includes('| a | **96.0** \\[92.8, 97.8\\] |'));
  assert.ok(markdown.includes('| b | <u>95.0</u> \\[91.0, 97.0\\] †2 |'));
});
