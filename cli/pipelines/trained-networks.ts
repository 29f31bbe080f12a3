import { bestTrial, type Compared } from '../../nas/runs/comparison.ts'
import type { TrainedNetwork } from './pipeline.ts'

/** The candidates of a comparison that could be trained, the best by score first. @param own what a pipeline tells of a candidate */
export const trainedNetworks = <C extends Compared>(
  contenders: readonly C[],
  metric: string,
  own: (candidate: C) => Pick<TrainedNetwork, 'baseline' | 'genotype'>,
): readonly TrainedNetwork[] =>
  contenders
    .flatMap((each) =>
      each.score === null ? [] : [{ ...own(each), trial: bestTrial(each.trials), score: each.score, metric }],
    )
    .sort((a, b) => b.score - a.score)
