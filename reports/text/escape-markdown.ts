import { printable } from '../../harness/printable.ts';
import { escapeHtml } from './escape-html.ts';

/**
 * A text for one cell of a Markdown table (or anywhere else in a line): no HTML, no markup, no link, no cell border and no line break comes through.
 * Line breaks and tabs become spaces.
 */
export function escapeMarkdown(text: string): string {
  return escapeHtml(printable(text))
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/:\/\//g, ':\\//')
    .trim();
}
