/** What a label must have in it to be chosen: the text `only`, where `*` stands for any text and case does not matter. */
export function labelPattern(only: string): RegExp {
  const parts = only.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'), 'i');
}
