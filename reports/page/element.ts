type Content = Node | string | null | undefined | false;

/**
 * Makes an element. Texts become text nodes, never markup: what data sets hold is shown as it is.
 *
 * @param attributes `true` sets one without a value; `false` and undefined leave it out.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(
    ...content.filter((part): part is Node | string => part !== null && part !== undefined && part !== false),
  );
  return made;
}

/** The element of an id, which the page has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`expected an element with the id ${id}, found none`);
  return found;
}
