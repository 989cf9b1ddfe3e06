/** The text of an issue of a zod schema that says what was expected and what was got. */
export function expected(what: string): { error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => `expected ${what}, got ${JSON.stringify(input)}` };
}
