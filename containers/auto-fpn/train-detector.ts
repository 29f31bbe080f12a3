import type { Engine } from '../../nas/engines/engine.ts'
import type { Descent } from '../../nas/pipelines/auto-fpn/settings.ts'
import type { DetectorSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import type { Tensors } from '../../nas/tensor.ts'
import type { CheckpointAddress } from '../../nas/training/checkpoint.ts'
import type { TrainableDetector } from '../../nas/training/detection/detector.ts'
import { EPSILON, fromImages } from '../../nas/training/detection/features.ts'
import { detectorGeometry } from '../../nas/training/detection/level-shapes.ts'
import { lossOf } from '../../nas/training/detection/loss.ts'
import { detectorStep } from '../../nas/training/detection/step.ts'
import { type Resumed, resumableSteps } from '../../nas/training/resumable.ts'
import { runningDecay } from '../../nas/training/running-decay.ts'
import { trainingStep } from '../../nas/training/step.ts'
import { optimiserOf } from '../training.ts'

interface DetectorTraining {
  readonly engine: Engine
  readonly detector: TrainableDetector
  readonly image: DetectorSpec['image']
  readonly optimiser: Descent
  readonly address: CheckpointAddress
  readonly seed: number
  /** Weights that do not start at random. */
  readonly initial: Tensors
}

/** A whole detector, from its images, its backbone trained as well. */
export function resumeDetector({
  engine,
  detector,
  image,
  optimiser,
  ...start
}: DetectorTraining): Promise<Resumed> {
  const { batch, steps } = optimiser
  const forward = lossOf(
    (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(steps), epsilon: EPSILON },
    }),
    fromImages(detector.backbone, batch, image),
    detector,
    batch,
  )
  const graph = trainingStep(forward, optimiserOf(optimiser), { rewrites: engine.rewrites })
  const geometry = detectorGeometry(detector, image)
  return resumableSteps({
    ...start,
    engine,
    parameters: graph.parameters,
    compile: (state) => detectorStep(engine, state, graph, { geometry, detector, batch, seed: start.seed }),
  })
}

/** The schedule of a section of the configuration. */
export const cosine = ({ steps, learningRate: initial, finalLearningRate: final, warmUp }: Descent) => ({
  steps,
  schedule: { kind: 'cosine', initial, final, warmUp } as const,
})
