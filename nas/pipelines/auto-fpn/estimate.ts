import { type Capacity, type Cost, type Estimate, inAll, NOTHING, work } from '../../runs/estimate.ts'
import { type AutoFpnConfig, cachesFeatures, modulesOf, searchOf } from './config.ts'
import { methodsOf } from './size.ts'

/** How long the work of a run takes on its card. */
export interface AutoFpnDurations {
  /** Seconds of one step of each kind; in a search, of one for the weights or the architecture. */
  readonly secondsPerStep: Readonly<Record<'backbone' | 'neck' | 'head' | 'detector', number>>
  /** Seconds to score what was trained on the images that judge it. */
  readonly evaluation: Readonly<Record<'neck' | 'head' | 'detector', number>>
  /** Seconds to compute and write the features of all cached views. */
  readonly features: number
}

export interface AutoFpnEstimate extends Estimate {
  readonly byJob: Readonly<Record<'backbone' | 'features' | 'neck' | 'head' | 'detector', Cost>>
}

/** What a run would take that is never interrupted and finds none of its work done. */
export function autoFpnEstimate(
  config: AutoFpnConfig,
  { secondsPerStep, evaluation, features }: AutoFpnDurations,
  capacity: Capacity,
): AutoFpnEstimate {
  const { backbone, retrain, baselines } = config
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
  const detectors = methods + baselines.random + Number(baselines.fpn)
  return inAll({
    backbone:
      'pretrain' in backbone
        ? work({ trials: 1, seconds: backbone.pretrain.steps * secondsPerStep.backbone }, capacity)
        : NOTHING,
    features: cachesFeatures(config) ? work({ trials: 1, seconds: features }, capacity) : NOTHING,
    neck: searching('neck'),
    head: searching('head'),
    detector: work(
      {
        trials: detectors * retrain.seeds.length,
        seconds: retrain.steps * secondsPerStep.detector + evaluation.detector,
      },
      capacity,
    ),
  })
}
