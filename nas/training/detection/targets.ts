import { random } from '../../random.ts'
import type { Tensors } from '../../tensor.ts'
import { anchorTargets } from './anchor-targets.ts'
import type { TrainableDetector, TwoStageOptions } from './detector.ts'
import { PROPOSED } from './forward.ts'
import type { Geometry } from './geometry.ts'
import { SCORED } from './one-stage/forward.ts'
import { multiboxTargets } from './one-stage/targets.ts'
import { propose } from './propose.ts'
import { regionTargets } from './region-targets.ts'
import type { Truth } from './truth.ts'

/** What the host does between the halves of a step. */
interface Targets {
  /** Outputs of the first half that it reads. */
  readonly read: readonly string[]
  /** Inputs of the second half, from what the first predicts. @param draw by which anchors and regions are sampled */
  of(truths: readonly Truth[], draw: number): (predicted: Tensors) => Tensors
}

export const targetsOf = (detector: TrainableDetector, geometry: Geometry, seed: number): Targets =>
  detector.stages === 1
    ? {
        read: SCORED,
        of:
          (truths) =>
          ({ scores }) =>
            multiboxTargets(geometry, scores!, truths, detector.options),
      }
    : { read: PROPOSED, of: (...given) => regionsAndAnchors(geometry, detector.options, seed, ...given) }

function regionsAndAnchors(
  geometry: Geometry,
  options: TwoStageOptions,
  seed: number,
  truths: readonly Truth[],
  draw: number,
): (predicted: Tensors) => Tensors {
  const stream = (name: string) => (image: number) => random(seed, name, draw, image)
  const ofAnchors = anchorTargets(geometry, truths, options, stream('anchors'))
  return ({ objectness, deltas }) => {
    const proposals = propose(geometry, objectness!, deltas!, options.proposals.training)
    const boxes = proposals.map((proposed) => proposed.boxes)
    return { ...ofAnchors, ...regionTargets(boxes, truths, options, stream('regions')) }
  }
}
