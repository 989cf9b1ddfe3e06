import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyondPdfLatex, escapeLatex } from '../../../reports/text/escape-latex.ts';

/** What escaped text may be made of: plain characters, escaped ones, and commands that only show a sign. */
const SHOWN =
  /^(?:[A-Za-z0-9 .,:;/()=+@!?~-]|[\u0080-\u{10ffff}]|\\[{}$&#%_,]|\\text[a-z]+\{\}|\\ldots\{\}|\\ensuremath\{(?:-|\\[a-z]+)\}|\{[[\]*,-]\})*$/u;

test('every ASCII character shows as text, alone and twice', () => {
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    for (const text of [character, `a${character}${character}b`, `\\${character}`, `${character}1`]) {
      assert.match(escapeLatex(text), SHOWN, JSON.stringify(text));
    }
  }
});

test('what is special to LaTeX', () => {
  assert.equal(
    escapeLatex('\\ { } $ & # ^ _ ~ % < > | " \' ` [ ] *'),
    '\\textbackslash{} \\{ \\} \\$ \\& \\# \\textasciicircum{} \\_ \\textasciitilde{} \\% \\textless{} \\textgreater{} \\textbar{} \\textquotedbl{} \\textquotesingle{} \\textasciigrave{} {[} {]} {*}',
  );
});

test('no command of a data set comes through', () => {
  const hostile = [
    '\\input{/etc/passwd}',
    '\\write18{ls}',
    '% a comment',
    '^^5cinput{x}',
    '\\end{tabular}',
    '$x$ & y \\\\ z',
  ];
  for (const text of hostile) {
    const escaped = escapeLatex(text);
    assert.match(escaped, SHOWN, text);
    assert.doesNotMatch(escaped, /\\(input|write|end)|\^\^|(?<!\\)[%&$#]/, text);
  }
});

test('signs, dashes, quotes and ligatures', () => {
  assert.equal(escapeLatex('−3.1 × 4…'), '\\ensuremath{-}3.1 \\ensuremath{\\times} 4\\ldots{}');
  assert.equal(
    escapeLatex('“a” – b — c'),
    '\\textquotedblleft{}a\\textquotedblright{} \\textendash{} b \\textemdash{} c',
  );
  assert.equal(escapeLatex('--no ,, ---'), '{-}-no {,}, {-}{-}-');
  assert.equal(escapeLatex('n\u00a0=\u00a05'), 'n~=~5');
});

test('control and invisible characters, halves of pairs and line breaks', () => {
  assert.equal(
    escapeLatex('a\u001bb\u200bc\u202ed\ud800e\ue000'),
    'a\\textbackslash{}u\\{1b\\}b\\textbackslash{}u\\{200b\\}c\\textbackslash{}u\\{202e\\}d\\textbackslash{}u\\{d800\\}e\\textbackslash{}u\\{e000\\}',
  );
  assert.equal(escapeLatex(' a\n\n\tb '), 'a b');
});

test('letters that pdfLaTeX has stay; others are named as beyond it', () => {
  assert.equal(escapeLatex('Fe\u0301lix Łódź'), 'Félix Łódź');
  assert.deepEqual(beyondPdfLatex(escapeLatex('Fe\u0301lix Łódź ×−…“”–†€≥')), []);
  assert.deepEqual(beyondPdfLatex(escapeLatex('東京 α q\u0303 東')), ['\u0303', 'α', '京', '東']);
});
