/** Sizes and names that the circuit is written for. */
export interface CircuitShape {
  readonly hidden: number;
  readonly heads: number;
  readonly headSize: number;
  /** Base of the rotary frequencies. */
  readonly theta: number;
  readonly vocabularySize: number;
  /** Ids of the words of names. */
  readonly nameIds: readonly number[];
}

/** How strong the circuit is at the start. */
export interface CircuitStrength {
  /** Logit that a word of a name has over others in the gathering head. */
  readonly type: number;
  /** Logit of each rotary frequency that prefers places near by. */
  readonly near: number;
  /** How many places back the gathering head looks by preference. */
  readonly distance: number;
  /** Factor of what the gathering head writes. */
  readonly write: number;
  /** Factor of queries and keys of the matching head. */
  readonly match: number;
}

/** Of the constant coordinate, against a standard deviation of 1 of the others before rows are normalised. */
const CONSTANT = 3;
/** Rotary frequencies (radians a place) that tell places near by apart. */
const NEAR_FREQUENCY = 0.03;
/** Below it a rotation over a context of some hundred places leaves a product about as it is. */
const STILL_FREQUENCY = 0.03;
/** What is left of the random weights where the circuit is written. */
const KEPT = { gather: 0.1, match: 0.2 };

/** A matrix of a checkpoint, by its name within the model, in Hugging Face's layout ([out, in], row by row). */
type Matrix = (name: string) => Float32Array;

/**
 * Writes an induction circuit (Olsson et al., 2022, arXiv 2209.11895) over random first weights, so that training need not find it: found by gradient descent, a fact is bound to the right
 * name only after a plateau of millions of tokens, since a head that matches names earns nothing before another gathers them, and the other way round.
 *
 * - Embeddings: coordinate 0 is the same for all words, coordinate 1 says whether the word belongs to a name, the last `headSize` coordinates (the context channel) are 0; rows have norm sqrt(hidden).
 * - First layer, head 0 gathers: from the constant coordinate, its query prefers words of names, `distance` places back; it writes them into the context channel.
 * - Second layer, head 0 matches: queries and keys are the context channel, in the pairs of coordinates that the rotation leaves about as they are. So a place attends to the places in whose
 *   neighbourhood the same name stands.
 *
 * All of it is a start only; every weight is trained on.
 */
export function writeInductionCircuit(matrix: Matrix, shape: CircuitShape, strength: CircuitStrength): void {
  const { hidden, headSize } = shape;
  const frequencies = Array.from({ length: headSize / 2 }, (_, i) => shape.theta ** ((-2 * i) / headSize));
  const constant = embeddings(matrix('model.embed_tokens.weight'), shape);
  const channel = hidden - headSize;
  const half = headSize / 2;

  const first = (name: string): Float32Array => matrix(`model.layers.0.self_attn.${name}.weight`);
  const [query, key] = [first('q_proj'), first('k_proj')];
  for (let i = 0; i < headSize * hidden; i++) {
    query[i]! *= KEPT.gather;
    key[i]! *= KEPT.gather;
  }
  // The products of a query and a key are divided by sqrt(headSize).
  const near = Math.sqrt(strength.near * Math.sqrt(headSize)) / constant;
  frequencies.forEach((frequency, i) => {
    if (frequency < NEAR_FREQUENCY) return;
    query[i * hidden]! += near;
    key[i * hidden]! += near * Math.cos(frequency * strength.distance);
    key[(i + half) * hidden]! += near * Math.sin(frequency * strength.distance);
  });
  const type = Math.sqrt(strength.type * Math.sqrt(headSize)) / constant;
  const stillest = (headSize - 1) * hidden;
  query.fill(0, stillest, stillest + hidden);
  key.fill(0, stillest, stillest + hidden);
  query[stillest] = type;
  key[stillest + 1] = type;

  const [value, output] = [first('v_proj'), first('o_proj')];
  const width = shape.heads * headSize;
  for (let row = 0; row < width; row++) value.fill(0, row * hidden, row * hidden + 2);
  for (let row = 0; row < hidden; row++) {
    for (let i = 0; i < headSize; i++) output[row * width + i] = row === channel + i ? strength.write : 0;
  }

  for (const name of ['q_proj', 'k_proj']) {
    const matching = matrix(`model.layers.1.self_attn.${name}.weight`);
    for (let i = 0; i < headSize; i++) {
      for (let column = 0; column < hidden; column++) matching[i * hidden + column]! *= KEPT.match;
      if (frequencies[i % half]! < STILL_FREQUENCY) matching[i * hidden + channel + i]! += strength.match;
    }
  }
}

/** Lays out the embeddings; gives the constant coordinate. */
function embeddings(embedding: Float32Array, { hidden, headSize, vocabularySize, nameIds }: CircuitShape): number {
  const names = new Set(nameIds);
  for (let id = 0; id < vocabularySize; id++) {
    const row = embedding.subarray(id * hidden, (id + 1) * hidden);
    row.fill(0, hidden - headSize);
    row[0] = CONSTANT;
    row[1] = names.has(id) ? CONSTANT : 0;
    const norm = Math.hypot(...row) / Math.sqrt(hidden);
    row.forEach((value, i) => (row[i] = value / norm));
  }
  const others = Array.from({ length: vocabularySize }, (_, id) => id).filter((id) => !names.has(id));
  return others.reduce((sum, id) => sum + embedding[id * hidden]!, 0) / others.length;
}
