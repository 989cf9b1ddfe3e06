import type { Document } from '../../datasets/example.ts';
import { alignTable } from '../align-table.ts';
import { printable } from '../printable.ts';
import type { AnsweredQuestion } from './answered-question.ts';

/** Beginning of a passage that tells which one it is. */
const SHOWN_CHARACTERS = 70;
/** Ranks that are shown beside those of the chosen documents. */
const SHOWN_RANKS = 10;

/** What a text system of the same backbone answers from the same documents. */
export interface TextAnswer {
  readonly answer: string;
  readonly tokens: { readonly prompt: number; readonly output: number };
  readonly ms: { readonly prefill: number; readonly decode: number };
}

/** What was asked, and what came of it. */
export interface AskResult {
  readonly question: string;
  readonly documents: readonly Document[];
  /** Nominal. */
  readonly ratio: number;
  readonly answered: AnsweredQuestion;
  readonly text: TextAnswer | null;
}

/** An answered question as text for a terminal: ranking, chosen documents, measured ratio, time by phase, and the answer; beside it what the text system answers, if it was asked. */
export function answerTable({ question, documents, ratio, answered, text }: AskResult): string {
  const { ranking, selected, tokens, ms, answer } = answered;
  const lines = [`question: ${question}`, '', ...rankingLines(documents, answered), ''];
  if (ranking === null) lines.push('The checkpoint has no query reasoner: the documents are taken in their order.', '');
  const cut = tokens.truncated > 0 ? `, ${tokens.truncated} tokens cut off` : '';
  lines.push(
    ...alignTable(
      [
        ['chosen', `${selected.map((index) => index + 1).join(', ')} of ${documents.length} documents`],
        [
          'ratio',
          `${measured(tokens)} measured (${tokens.source} tokens as ${tokens.vectors} vectors${cut}), ${ratio} nominal`,
        ],
        ['answer', answer],
        ...(text ? [['text system', text.answer]] : []),
      ],
      [0, 1],
    ),
    '',
    ...timeLines(ms, tokens, text),
  );
  return `${lines.map(printable).join('\n')}\n`;
}

/** The measured compression ratio. */
export function measuredRatio({ source, vectors }: AnsweredQuestion['tokens']): number | null {
  return vectors > 0 ? source / vectors : null;
}

function measured(tokens: AnsweredQuestion['tokens']): string {
  const ratio = measuredRatio(tokens);
  return ratio === null ? 'nothing' : ratio.toFixed(2);
}

/** The best ones and all that were chosen; documents are numbered from 1, as the lines of a file are. */
function rankingLines(documents: readonly Document[], { ranking, selected }: AnsweredQuestion): string[] {
  const order = ranking ?? documents.map((_, document) => ({ document, score: null }));
  const rows = order.map(({ document, score }, rank) => [
    String(rank + 1),
    score === null ? '-' : score.toFixed(4),
    selected.includes(document) ? '*' : '',
    String(document + 1),
    beginning(documents[document]!),
  ]);
  const shown = rows.filter((row, rank) => rank < SHOWN_RANKS || row[2] === '*');
  const lines = alignTable([['rank', 'cosine', '', 'document', 'passage'], ...shown], [2, 4]);
  return shown.length < rows.length ? [...lines, `and ${rows.length - shown.length} further ones`] : lines;
}

function beginning({ title, text }: Document): string {
  const whole = title ? `${title}: ${text}` : text;
  return whole.length > SHOWN_CHARACTERS ? `${whole.slice(0, SHOWN_CHARACTERS - 1)}…` : whole;
}

function timeLines(ms: AnsweredQuestion['ms'], tokens: AnsweredQuestion['tokens'], text: TextAnswer | null): string[] {
  const rows = (['compress', 'rank', 'prefill', 'decode'] as const).map((phase) => ({
    phase,
    clara: ms[phase],
    text: phase === 'prefill' || phase === 'decode' ? text?.ms[phase] : undefined,
  }));
  const total = {
    phase: 'total',
    clara: rows.reduce((sum, { clara }) => sum + clara, 0),
    text: text ? text.ms.prefill + text.ms.decode : undefined,
  };
  const seconds = (value: number | undefined): string => (value === undefined ? '-' : `${(value / 1000).toFixed(2)} s`);
  const table = [
    ['', 'clara', 'text'],
    ...[...rows, total].map((row) => [row.phase, seconds(row.clara), seconds(row.text)]),
    ['prompt tokens', String(tokens.prompt), text ? String(text.tokens.prompt) : '-'],
    ['output tokens', String(tokens.output), text ? String(text.tokens.output) : '-'],
  ];
  return alignTable(text ? table : table.map((row) => row.slice(0, 2)));
}
