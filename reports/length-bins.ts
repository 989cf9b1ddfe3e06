/** Questions of a bin at least: fewer say nothing. */
const LEAST = 10;

/**
 * The places of questions by the length of their documents, in bins of about equally many, shortest first. Equal lengths stay together. Questions without a length (NaN) or without
 * documents (0) are in none; empty where there are not two bins.
 */
export function lengthBins(lengths: Float64Array, most: number): number[][] {
  const places = [...lengths.keys()]
    .filter((place) => lengths[place]! > 0)
    .sort((one, other) => lengths[one]! - lengths[other]!);
  const count = Math.min(most, Math.floor(places.length / LEAST));
  const bins: number[][] = [];
  let from = 0;
  for (let bin = 1; bin <= count; bin++) {
    let to = Math.round((bin * places.length) / count);
    while (to < places.length && lengths[places[to]!] === lengths[places[to - 1]!]) to++;
    if (to - from >= LEAST) {
      bins.push(places.slice(from, to));
      from = to;
    }
  }
  bins.at(-1)?.push(...places.slice(from));
  return bins.length > 1 ? bins : [];
}
