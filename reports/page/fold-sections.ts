/** Folds the sections of details away, and opens them where they are linked to, and for print. */
export function foldSections(): void {
  for (const details of foldable()) details.open = false;
  window.addEventListener('beforeprint', () => {
    for (const details of foldable()) details.open = true;
  });
}

/** Opens a section of the report, if it is folded, and brings it into view. */
export function showSection(id: string): void {
  const section = document.getElementById(id);
  const details = section?.querySelector<HTMLDetailsElement>(':scope > details');
  if (details) details.open = true;
  section?.scrollIntoView();
}

function foldable(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll('#report section > details');
}
