import type { ChartSpec } from '../charts/chart-spec.ts';
import { seriesColours } from '../charts/palette.ts';
import { groupBy } from '../group-by.ts';
import type { Training } from './find-trainings.ts';
import { lineNames } from './stage-names.ts';

/** Specifications of one chart of losses for each stage (and model) that left a curve. */
export function lossCharts(trainings: readonly Training[]): ChartSpec[] {
  const curved = trainings.filter(({ curve }) => curve.steps.length > 0);
  const severalModels = new Set(curved.map(({ manifest }) => manifest.model?.id)).size > 1;
  const stages = groupBy(curved, ({ manifest: { trainer, model } }) =>
    severalModels && model ? `${trainer.id}, ${model.id}` : trainer.id,
  );
  return [...stages].map(([stage, members]) => {
    const labels = lineNames(members);
    const names = labels.map((label) => label.replace(/ seed \d+$/, ''));
    const distinct = [...new Set(names)];
    const lines = members.map(({ curve }, at) => ({
      label: labels[at]!,
      name: names[at]!,
      colour: seriesColours[distinct.indexOf(names[at]!) % seriesColours.length]!,
      steps: curve.steps.map(({ step, terms }) => ({ step, loss: terms.loss! })),
      validations: curve.validations.map(({ step, validation }) => ({ step, loss: validation.loss! })),
    }));
    const models = [...new Set(members.map(({ manifest }) => manifest.model?.id ?? 'no model'))];
    const name = `loss-${stage.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`;
    return { kind: 'loss', given: [name, `Training loss, ${stage}`, lines, models.join(', ')] };
  });
}
