/** Tokens that go through the blocks at once: more is not faster, and this bounds the memory. */
const GROUP_TOKENS = 4096;

/** Places of sequences in groups that are computed at once: the longest first, each group of at most GROUP_TOKENS tokens or of one sequence. */
export function tokenGroups(lengths: readonly number[]): number[][] {
  const order = lengths.map((_, place) => place).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const groups: number[][] = [];
  let tokens = Infinity;
  for (const place of order) {
    tokens += lengths[place]!;
    if (tokens > GROUP_TOKENS) {
      groups.push([]);
      tokens = lengths[place]!;
    }
    groups.at(-1)!.push(place);
  }
  return groups;
}
