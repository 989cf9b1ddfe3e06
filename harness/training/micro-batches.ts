/** Items in groups of at most `size`, each of like length, the shortest first; items of equal length keep their order. */
export function microBatches<Item>(
  items: readonly Item[],
  size: number,
  length: (item: Item) => number,
): (readonly Item[])[] {
  const sorted = items.map((item) => ({ item, length: length(item) })).sort((a, b) => a.length - b.length);
  return Array.from({ length: Math.ceil(sorted.length / size) }, (_, group) =>
    sorted.slice(group * size, (group + 1) * size).map(({ item }) => item),
  );
}
