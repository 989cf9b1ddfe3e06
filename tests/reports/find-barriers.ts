import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** For looking at contrast alone: nothing lies over anything else, is scrolled away or stands out of what it is on. */
const FLAT = `
main { max-width: none !important; }
section { width: max-content; min-width: 100%; }
.scroll { overflow: visible !important; }
tbody th, caption bdi { position: static !important; }`;
/** As axe's own (WCAG's 4.5, and 3 for large text), but single characters and signs such as ✓ are judged too. */
const CONTRAST = {
  ignoreUnicode: false,
  ignoreLength: true,
  ignorePseudo: false,
  boldValue: 700,
  boldTextPt: 14,
  largeTextPt: 18,
  contrastRatio: { normal: { expected: 4.5 }, large: { expected: 3 } },
  pseudoSizeThreshold: 0.25,
  shadowOutlineEmMax: 0.2,
  textStrokeEmMin: 0.03,
};
const OPTIONS = {
  all: { rules: { 'color-contrast': { enabled: false } } },
  contrast: { runOnly: ['color-contrast'], checks: { 'color-contrast': { options: CONTRAST } } },
};

/**
 * What keeps people from using the page as it stands, by axe-core: WCAG 2.2 A and AA and good practice (headings in order, landmarks); `contrast` looks at that alone, of every
 * visible text. What axe cannot decide counts too. One text each, none where all is well.
 */
export async function findBarriers(page: Page, what: keyof typeof OPTIONS): Promise<string[]> {
  const style = JSON.stringify(what === 'contrast' ? FLAT : '');
  // As a sheet of the script's: the page's policy allows no styles in the markup.
  await page.evaluate(`{ const sheet = new CSSStyleSheet(); sheet.replaceSync(${style}); document.adoptedStyleSheets = [sheet]; }`); // prettier-ignore
  await page.evaluate(axe.source);
  const options = JSON.stringify({ ...OPTIONS[what], preload: false, resultTypes: ['violations', 'incomplete'] });
  const { violations, incomplete } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return [...violations, ...incomplete].flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      [id, help, target.join(' '), html.slice(0, 200), failureSummary].join(': '),
    ),
  );
}
