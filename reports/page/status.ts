import { byId } from './element.ts';

/** Says something to readers of a screen reader, and shows it at the page's edge to nobody. */
export function say(text: string): void {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
}
