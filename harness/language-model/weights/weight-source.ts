/** Weights by their Hugging Face names (`model.layers.0.self_attn.q_proj.weight`, ...), whatever file they are in; rows of q and k in Hugging Face order (halves rotated). */
export interface WeightSource {
  /** Names of all tensors. */
  names(): readonly string[];
  /** Shape of a tensor in row-major order ([out, in] for a linear layer), or undefined where there is none of that name. */
  shape(name: string): readonly number[] | undefined;
  /** The values as float32, row-major. Reads just that tensor's bytes. @throws InputError where the tensor is missing or its bytes are cut off. */
  read(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}
