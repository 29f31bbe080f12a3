import { type Capacity, type Cost, type Estimate, inAll, NOTHING, work } from '../../runs/estimate.ts'
import type { DenseNasConfig } from './config.ts'

/** How long the work of a run takes on its card. */
export interface DenseNasDurations {
  /** Seconds to measure all operations of the space. */
  readonly latency: number
  /** Seconds to judge a network once it is trained. */
  readonly evaluation: number
  /** Seconds of one step of each kind. */
  readonly secondsPerStep: Readonly<Record<'weights' | 'architecture' | 'classifier', number>>
}

export interface DenseNasEstimate extends Estimate {
  readonly byJob: Readonly<Record<'latency' | 'supernet' | 'classifier', Cost>>
}

/** What a run would take that is never interrupted and finds none of its work done. @param images for training */
export function denseNasEstimate(
  { search, retrain, baselines }: DenseNasConfig,
  images: number,
  { latency, evaluation, secondsPerStep }: DenseNasDurations,
  capacity: Capacity,
): DenseNasEstimate {
  const { epochs, architectureFrom, batch, cost } = search
  const measured = cost.kind === 'latency' && cost.table === undefined
  const stepsPerEpoch = Math.ceil(images / 2 / batch)
  const forArchitecture = architectureEpochs(epochs, architectureFrom)
  const searching =
    stepsPerEpoch *
    ((epochs - forArchitecture) * secondsPerStep.weights + forArchitecture * secondsPerStep.architecture)
  const networks = 1 + baselines.random + (baselines.mobileNetV2 ? 1 : 0)
  const training =
    Math.ceil((retrain.epochs * images) / retrain.batch) * secondsPerStep.classifier + evaluation
  return inAll({
    latency: measured ? work({ trials: 1, seconds: latency }, capacity) : NOTHING,
    supernet: work({ trials: 1, seconds: searching }, capacity),
    classifier: work({ trials: networks * retrain.seeds.length, seconds: training }, capacity),
  })
}

/** Of the epochs from `architectureFrom` on, every other one is for the architecture. */
const architectureEpochs = (epochs: number, architectureFrom: number): number =>
  Math.ceil((epochs - architectureFrom) / 2)
