import type { TrainingSettings } from './training-settings.ts';

/**
 * Learning rate of a step (from 1), as transformers' `cosine_with_min_lr` and `constant_with_warmup` give it: over the first W = ceil(warmup x steps) steps it rises from 0 by
 * a W-th a step; then it is constant, or falls as half a cosine from the learning rate to `floor` times it.
 */
export function learningRateAt(
  step: number,
  {
    steps,
    learningRate,
    schedule,
    warmup,
    floor,
  }: Pick<TrainingSettings, 'steps' | 'learningRate' | 'schedule' | 'warmup' | 'floor'>,
): number {
  const before = step - 1;
  const rising = Math.ceil(warmup * steps);
  if (before < rising) return (learningRate * before) / rising;
  if (schedule === 'constant') return learningRate;
  const progress = (before - rising) / Math.max(1, steps - rising);
  return learningRate * (0.5 * (1 + Math.cos(Math.PI * progress)) * (1 - floor) + floor);
}
