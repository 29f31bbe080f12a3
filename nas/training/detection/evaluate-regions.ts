import type { Boxes } from '../../boxes/boxes.ts'
import { detectionsOf } from '../../boxes/detections.ts'
import type { Engine } from '../../engines/engine.ts'
import { ancestorsOf, cut } from '../../graph/cut.ts'
import { float32 } from '../../tensor.ts'
import { allFinite } from '../finite.ts'
import type { TwoStageOptions } from './detector.ts'
import type { Finding, TrainedDetector } from './evaluate.ts'
import { PROPOSED } from './forward.ts'
import { propose } from './propose.ts'

/** Finds in two programs, between which the host proposes regions. */
export async function findInRegions(
  engine: Engine,
  { graph, weights, geometry, detections }: TrainedDetector,
  { proposals }: Pick<TwoStageOptions, 'proposals'>,
): Promise<Finding> {
  const { first, second, savedActivations } = cut(graph, 'detector', ancestorsOf(graph, PROPOSED))
  const state = engine.state(weights)
  const programs = [await engine.compile(first), await engine.compile(second)] as const
  const { most } = proposals.evaluation
  return {
    async find(image) {
      const { objectness, deltas } = await programs[0].run(state, { image })
      if (!allFinite(objectness!) || !allFinite(deltas!)) return undefined
      const boxes = propose(geometry, objectness!, deltas!, proposals.evaluation)[0]!.boxes
      const found = await programs[1].run(state, { regions: regionsOf(boxes, most) })
      state.drop(savedActivations)
      const [probabilities, offsets] = [found.probabilities!, found['region/deltas']!]
      if (!allFinite(probabilities) || !allFinite(offsets)) return undefined
      const count = boxes.length / 4
      const rows = (data: Float32Array) => data.subarray(0, (data.length / most) * count)
      return detectionsOf(
        boxes,
        rows(probabilities.data as Float32Array),
        rows(offsets.data as Float32Array),
        geometry,
        detections,
      )
    },
    async dispose() {
      state.dispose()
      for (const program of programs) await program.dispose()
    },
  }
}

/** Regions of one image [1,R,4], padded with empty ones. */
function regionsOf(boxes: Boxes, most: number) {
  const rows = new Float32Array(4 * most)
  rows.set(boxes)
  return float32([1, most, 4], rows)
}
