import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml } from '../../../reports/text/escape-html.ts';
import { escapeMarkdown } from '../../../reports/text/escape-markdown.ts';

test('HTML: markup, quotes and control characters come out as text', () => {
  assert.equal(escapeHtml(`<a href="x">&'\u0000\u001b`), '&lt;a href=&quot;x&quot;&gt;&amp;&#39;\ufffd\ufffd');
  assert.equal(escapeHtml('Zürich 東京\n'), 'Zürich 東京\n');
});

test('Markdown: cells, markup, links and lines come out as text', () => {
  assert.equal(escapeMarkdown('a|b\nc'), 'a\\|b c');
  assert.equal(escapeMarkdown('a\\|b'), 'a\\\\\\|b');
  assert.equal(escapeMarkdown('*x* _y_ `z` ~u~ [l](u) !'), '\\*x\\* \\_y\\_ \\`z\\` \\~u\\~ \\[l\\](u) !');
  assert.equal(escapeMarkdown('<img src=x>'), '&lt;img src=x&gt;');
  assert.equal(escapeMarkdown('https://a.b'), 'https:\\//a.b');
});
