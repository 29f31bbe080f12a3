import { type Capacity, type Cost, type Estimate, inAll, NOTHING, work } from '../../runs/estimate.ts'
import type { TopformerConfig } from './config.ts'
import { networksCompared, topformerSize } from './size.ts'
import { variedIn } from './specs.ts'

/** How long the work of a run takes on its card. */
export interface TopformerDurations {
  /** Seconds to measure the parts of the space. */
  readonly latency: number
  /** Seconds of one step of each kind. */
  readonly secondsPerStep: Readonly<Record<'pretrain' | 'supernet' | 'train', number>>
  /** Seconds to judge one network: that was pretrained; with inherited weights, calibration included; and once it is trained. */
  readonly evaluation: Readonly<Record<'pretrained' | 'inherited' | 'trained', number>>
}

export interface TopformerEstimate extends Estimate {
  /** Networks that all searches evaluate. */
  readonly evaluations: number
  readonly byJob: Readonly<Record<'latency' | 'pretrain' | 'supernet' | 'evaluate' | 'train', Cost>>
}

/** What a run would take that is never interrupted and finds none of its work done. */
export function topformerEstimate(
  config: TopformerConfig,
  { latency, secondsPerStep, evaluation }: TopformerDurations,
  capacity: Capacity,
): TopformerEstimate {
  const { pretrain, supernet, search, retrain } = config
  const supernetSteps = supernet.weights === undefined ? supernet.steps : 0
  const { trials: evaluations } = topformerSize(config)
  return {
    evaluations,
    ...inAll({
      latency: search.limit.of === 'latency' ? work({ trials: 1, seconds: latency }, capacity) : NOTHING,
      pretrain:
        pretrain === undefined || 'weights' in pretrain
          ? NOTHING
          : work(
              { trials: 1, seconds: pretrain.steps * secondsPerStep.pretrain + evaluation.pretrained },
              capacity,
            ),
      supernet: work(
        {
          trials: variedIn({ config }).length,
          seconds: supernetSteps * secondsPerStep.supernet + evaluation.inherited,
        },
        capacity,
      ),
      evaluate: work(
        { trials: evaluations, seconds: evaluation.inherited, size: search.trialsPerJob },
        capacity,
      ),
      train: work(
        {
          trials: networksCompared(config) * retrain.seeds.length,
          seconds: retrain.steps * secondsPerStep.train + evaluation.trained,
        },
        capacity,
      ),
    }),
  }
}
