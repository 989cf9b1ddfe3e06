import type { LinearModule } from './linear-modules.ts';
import type { ModelConfig } from './model-config.ts';

/** Inputs and outputs of a linear layer. */
export function linearShape(config: ModelConfig, module: LinearModule): { inside: number; out: number } {
  const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize } = config;
  switch (module) {
    case 'q_proj':
      return { inside: hiddenSize, out: heads * headSize };
    case 'k_proj':
    case 'v_proj':
      return { inside: hiddenSize, out: keyValueHeads * headSize };
    case 'o_proj':
      return { inside: heads * headSize, out: hiddenSize };
    case 'gate_proj':
    case 'up_proj':
      return { inside: hiddenSize, out: intermediateSize };
    case 'down_proj':
      return { inside: intermediateSize, out: hiddenSize };
  }
}
