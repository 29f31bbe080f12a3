import type { Engine } from '../../nas/engines/engine.ts'
import type { Detector } from '../../nas/nets/detection/detector.ts'
import { optionsOf } from '../../nas/pipelines/auto-fpn/predictor.ts'
import type { Descent } from '../../nas/pipelines/auto-fpn/settings.ts'
import type { DetectorSpec } from '../../nas/pipelines/auto-fpn/specs.ts'
import type { Tensors } from '../../nas/tensor.ts'
import type { CheckpointAddress } from '../../nas/training/checkpoint.ts'
import { EPSILON, fromImages } from '../../nas/training/detection/features.ts'
import { detectorLoss } from '../../nas/training/detection/forward.ts'
import { detectorGeometry } from '../../nas/training/detection/level-shapes.ts'
import { detectorStep } from '../../nas/training/detection/step.ts'
import { type Resumed, resumableSteps } from '../../nas/training/resumable.ts'
import { runningDecay } from '../../nas/training/running-decay.ts'
import { trainingStep } from '../../nas/training/step.ts'
import { optimiserOf } from '../training.ts'

interface DetectorTraining {
  readonly engine: Engine
  readonly detector: Detector
  readonly task: Pick<DetectorSpec, 'backbone' | 'image' | 'classes' | 'detector'>
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
  task,
  optimiser,
  ...start
}: DetectorTraining): Promise<Resumed> {
  const { backbone, image, classes } = task
  const { batch, steps } = optimiser
  const options = optionsOf(task)
  const forward = detectorLoss(
    (graph) => ({
      graph,
      mode: 'training',
      batchNorm: { decay: runningDecay(steps), epsilon: EPSILON },
    }),
    fromImages(backbone, batch, image),
    detector,
    { classes, images: batch, regions: options.regionSample.size },
  )
  const graph = trainingStep(forward, optimiserOf(optimiser))
  const geometry = detectorGeometry(backbone, image, options)
  return resumableSteps({
    ...start,
    engine,
    parameters: graph.parameters,
    compile: (state) => detectorStep(engine, state, graph, { geometry, options, batch, seed: start.seed }),
  })
}

/** The schedule of a section of the configuration. */
export const cosine = ({ steps, learningRate: initial, finalLearningRate: final, warmUp }: Descent) => ({
  steps,
  schedule: { kind: 'cosine', initial, final, warmUp } as const,
})
