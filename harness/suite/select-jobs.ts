import { InputError } from '../errors.ts';
import { labelPattern } from './label-pattern.ts';
import { neededBy, type PlannedJob } from './planned-job.ts';

/**
 * The jobs whose label has the text `only` in it, and the trainings that they need; `*` stands for any text, case does not matter. All of them without it.
 *
 * @throws InputError with the labels there are, where none has it.
 */
export function selectJobs(planned: readonly PlannedJob[], only: string | undefined): PlannedJob[] {
  if (only === undefined) return [...planned];
  const pattern = labelPattern(only);
  const found = planned.filter(({ label }) => pattern.test(label));
  if (found.length === 0) {
    const labels = planned.map(({ label }) => label).join('\n  ');
    throw new InputError(`--only ${only}: expected a part of one of these labels, it is in none:\n  ${labels}`);
  }
  const byKey = new Map(planned.map((plan) => [plan.job.key, plan]));
  const wanted = new Set<PlannedJob>();
  for (const plan of found) {
    for (let at: PlannedJob | undefined = plan; at; at = byKey.get(neededBy(at) ?? '')) wanted.add(at);
  }
  return planned.filter((plan) => wanted.has(plan));
}
