/** The linear layers of a decoder block, by their Hugging Face names. */
export const LINEAR_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;

/** A linear layer of a decoder block. */
export type LinearModule = (typeof LINEAR_MODULES)[number];

/** Where a linear layer stands in its block: `self_attn` or `mlp`. */
export function moduleParent(module: LinearModule): string {
  return module === 'gate_proj' || module === 'up_proj' || module === 'down_proj' ? 'mlp' : 'self_attn';
}
