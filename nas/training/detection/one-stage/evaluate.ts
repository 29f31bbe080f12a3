import { detectionsOf } from '../../../boxes/detections.ts'
import { likeliestAnchors } from '../../../boxes/likeliest.ts'
import type { Engine } from '../../../engines/engine.ts'
import { allFinite } from '../../finite.ts'
import type { OneStageOptions } from '../detector.ts'
import type { Finding, TrainedDetector } from '../evaluate.ts'

/** Finds in one program, and on the host suppresses what overlaps. */
export async function findByAnchors(
  engine: Engine,
  { graph, weights, geometry, detections }: TrainedDetector,
  { candidates }: Pick<OneStageOptions, 'candidates'>,
): Promise<Finding> {
  const state = engine.state(weights)
  const program = await engine.compile(graph)
  return {
    async find(image) {
      const { probabilities, deltas } = await program.run(state, { image })
      if (!allFinite(probabilities!) || !allFinite(deltas!)) return undefined
      const likely = likeliestAnchors(
        geometry.anchors,
        probabilities!.data as Float32Array,
        deltas!.data as Float32Array,
        candidates,
      )
      return detectionsOf(likely.regions, likely.probabilities, likely.deltas, geometry, detections)
    },
    async dispose() {
      state.dispose()
      await program.dispose()
    },
  }
}
