/**
 * Values of one quantity, gathered by question: for each training seed, each question's sum of values and their number (0 where it has none). A question is what is drawn
 * as a whole; its values, of several settings, go with it.
 */
export interface ClusteredValues {
  /** [seeds][questions] */
  readonly sums: readonly Float64Array[];
  /** [seeds][questions] */
  readonly sizes: readonly Float64Array[];
}

/** Values of one seed, one a question. */
export function unclustered(values: ArrayLike<number>): ClusteredValues {
  return { sums: [Float64Array.from(values)], sizes: [new Float64Array(values.length).fill(1)] };
}

/** Values with the question and the training seed that each is of, gathered; questions and seeds in the order in which they come. */
export function clusterValues(
  values: readonly { readonly question: string; readonly seed: number; readonly value: number }[],
): ClusteredValues {
  const questions = new Map<string, number>();
  const seeds = new Map<number, number>();
  for (const { question, seed } of values) {
    if (!questions.has(question)) questions.set(question, questions.size);
    if (!seeds.has(seed)) seeds.set(seed, seeds.size);
  }
  const empty = (): Float64Array[] => Array.from({ length: seeds.size }, () => new Float64Array(questions.size));
  const [sums, sizes] = [empty(), empty()];
  for (const { question, seed, value } of values) {
    const [row, column] = [seeds.get(seed)!, questions.get(question)!];
    sums[row]![column]! += value;
    sizes[row]![column]!++;
  }
  return { sums, sizes };
}

/** The mean of all values: the sums' total over the sizes'. */
export function meanOf({ sums, sizes }: ClusteredValues): number {
  return total(sums) / total(sizes);
}

/** Each question's own mean, over its settings and seeds; questions without any value are left out. */
export function questionMeans({ sums, sizes }: ClusteredValues): Float64Array {
  const means = new Float64Array(sums[0]?.length ?? 0);
  let at = 0;
  for (let question = 0; question < means.length; question++) {
    let [sum, size] = [0, 0];
    for (let seed = 0; seed < sums.length; seed++) {
      sum += sums[seed]![question]!;
      size += sizes[seed]![question]!;
    }
    if (size > 0) means[at++] = sum / size;
  }
  return means.subarray(0, at);
}

function total(arrays: readonly Float64Array[]): number {
  return arrays.reduce((all, array) => array.reduce((sum, value) => sum + value, all), 0);
}
