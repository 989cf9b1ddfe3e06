import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Initial values of a LoRA, as peft gives them: A [rank, in] uniform between -1 / sqrt(in) and 1 / sqrt(in) (He's initialisation with slope sqrt(5)), B zero, so
 * that an adapter adds nothing before its first step.
 *
 * @param seed the same seed gives the same adapter
 * @returns what `createLoraAdapter` asks for each matrix
 */
export function loraInitialisation(seed: number): (name: string, shape: readonly [number, number]) => Float32Array {
  const generator = xoroshiro128plus(seed);
  return (name, [rows, columns]) => {
    const values = new Float32Array(rows * columns);
    if (name.endsWith('.lora_B.weight')) return values;
    const bound = 1 / Math.sqrt(columns);
    return values.map(() => (((generator.next() >>> 0) + 0.5) / 2 ** 31 - 1) * bound);
  };
}
