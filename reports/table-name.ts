import type { Section } from './document.ts';

/** Characters of one part: a name with several parts stays a file name everywhere. */
const LONGEST_PART = 60;

/** A table's name in kebab-case of letters a to z and digits, from what it shows: `tableName('results', 'hotpotqa', 'Org/Model')` is `results-hotpotqa-org-model`. */
export function tableName(...parts: readonly string[]): string {
  return parts
    .map((part) =>
      part
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .slice(0, LONGEST_PART)
        .replace(/^-+|-+$/g, ''),
    )
    .filter(Boolean)
    .join('-');
}

/** The sections with each table under a name of its own: where names of data sets or models differ in what a file name does not keep, later tables are numbered from 2. */
export function withDistinctNames(sections: readonly Section[]): Section[] {
  const taken = new Set<string>();
  return sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) => {
      if (block.kind !== 'table') return block;
      let name = block.name;
      for (let number = 2; taken.has(name); number++) name = `${block.name}-${number}`;
      taken.add(name);
      return { ...block, name };
    }),
  }));
}
