/** Characters of the texts that are remembered at most: with their ids under a hundred megabytes. */
const MOST_CHARACTERS = 1 << 24;

/** A tokenizer's `encode` that does not do the same text twice; when the texts are too many to be kept, all are forgotten. */
export function rememberEncodings(encode: (text: string) => number[]): (text: string) => number[] {
  const known = new Map<string, readonly number[]>();
  let characters = 0;
  return (text) => {
    const ids = known.get(text) ?? encode(text);
    if (!known.has(text)) {
      if (characters > MOST_CHARACTERS) {
        known.clear();
        characters = 0;
      }
      known.set(text, ids);
      characters += text.length;
    }
    return [...ids];
  };
}
