import { type Capacity, type Cost, type Estimate, inAll, NOTHING, plus, work } from '../../runs/estimate.ts'
import { type AutoFpnConfig, cachesFeatures, evolutionRoundsOf, modulesOf, searchOf } from './config.ts'
import { detectorsCompared, methodsOf } from './size.ts'

/** How long the work of a run takes on its card. */
export interface AutoFpnDurations {
  /** Seconds of one step of each kind; in a search, of one for the weights or the architecture; 0 where nothing is searched. */
  readonly secondsPerStep: Readonly<Record<'backbone' | 'neck' | 'head' | 'evolution' | 'detector', number>>
  /** Seconds to score what was trained on the images that judge it. */
  readonly evaluation: Readonly<Record<'neck' | 'head' | 'evolution' | 'detector', number>>
  /** Seconds to compute and write the features of all cached views. */
  readonly features: number
}

export interface AutoFpnEstimate extends Estimate {
  /** Detectors that evolution trains. */
  readonly evaluations: number
  readonly byJob: Readonly<Record<'backbone' | 'features' | 'neck' | 'head' | 'evolution' | 'detector', Cost>>
}

/** What a run would take that is never interrupted and finds none of its work done. */
export function autoFpnEstimate(
  config: AutoFpnConfig,
  { secondsPerStep, evaluation, features }: AutoFpnDurations,
  capacity: Capacity,
): AutoFpnEstimate {
  const { backbone, retrain } = config
  const methods = methodsOf(config).length
  const modules = modulesOf(config)
  const { steps, architectureFrom } = searchOf(config)
  const searching = (module: 'neck' | 'head'): Cost =>
    modules.includes(module)
      ? work(
          {
            trials: methods,
            seconds: (2 * steps - architectureFrom) * secondsPerStep[module] + evaluation[module],
          },
          capacity,
        )
      : NOTHING
  const evolving = (): Cost => {
    const { evolution } = config.baselines
    if (evolution === undefined) return NOTHING
    const seconds = evolution.steps * secondsPerStep.evolution + evaluation.evolution
    return Array.from({ length: evolutionRoundsOf(config) }, (_, round) =>
      Math.min(evolution.perRound, evolution.evaluations - round * evolution.perRound),
    )
      .map((trials) => work({ trials, seconds }, capacity))
      .reduce(plus, NOTHING)
  }
  return {
    evaluations: config.baselines.evolution?.evaluations ?? 0,
    ...inAll({
      backbone:
        'pretrain' in backbone
          ? work({ trials: 1, seconds: backbone.pretrain.steps * secondsPerStep.backbone }, capacity)
          : NOTHING,
      features: cachesFeatures(config) ? work({ trials: 1, seconds: features }, capacity) : NOTHING,
      neck: searching('neck'),
      head: searching('head'),
      evolution: evolving(),
      detector: work(
        {
          trials: detectorsCompared(config) * retrain.seeds.length,
          seconds: retrain.steps * secondsPerStep.detector + evaluation.detector,
        },
        capacity,
      ),
    }),
  }
}
