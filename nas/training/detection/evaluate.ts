import { type Boxes, boxAt, rowsOf } from '../../boxes/boxes.ts'
import { type DetectionOptions, type Detections, detectionsOf } from '../../boxes/detections.ts'
import { boxInImage, evaluationBoxes, type Scales } from '../../data/detection/augment.ts'
import type { DetectionSample } from '../../data/detection/dataset.ts'
import type { Engine } from '../../engines/engine.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import { ancestorsOf, cut } from '../../graph/cut.ts'
import type { Graph } from '../../graph/graph.ts'
import { float32, type Tensors } from '../../tensor.ts'
import { allFinite } from '../finite.ts'
import type { DetectorOptions } from './detector.ts'
import { frozen } from './features.ts'
import { detectorGraph, type Features, PROPOSED, type SearchedParts } from './forward.ts'
import type { Geometry } from './geometry.ts'
import { propose } from './propose.ts'

type Size = readonly [height: number, width: number]

/** A trained detector, for one image at a time. */
export interface TrainedDetector {
  /** From `image` [1,3,H,W]. */
  readonly graph: Graph
  readonly weights: Tensors
  readonly size: Size
  readonly geometry: Geometry
  readonly options: DetectorOptions
  readonly detections: DetectionOptions
}

/** The graph of a detector in evaluation, for one image. @param features of one image @param detector its parts in a graph */
export function evaluationGraph(
  features: Features,
  detector: (graph: GraphBuilder) => SearchedParts,
  { proposals }: Pick<DetectorOptions, 'proposals'>,
): Graph {
  const graph = new GraphBuilder()
  return detectorGraph(frozen(graph), features, detector(graph), { regions: proposals.evaluation.most })
}

/** Finds what images show. */
export interface RunningDetector {
  /** In pixels of the image itself; undefined where what the network says is not finite. */
  detect(sample: Pick<DetectionSample, 'height' | 'width' | 'image'>): Promise<Detections | undefined>
}

/** Does something with a compiled detector. */
export async function withDetector<T>(
  engine: Engine,
  trained: TrainedDetector,
  work: (running: RunningDetector) => Promise<T>,
): Promise<T> {
  const { graph, weights, size, geometry, options, detections } = trained
  const { first, second, savedActivations } = cut(graph, 'detector', ancestorsOf(graph, PROPOSED))
  const state = engine.state(weights)
  const programs = [await engine.compile(first), await engine.compile(second)] as const
  const most = options.proposals.evaluation.most
  const result = await work({
    async detect(sample) {
      const { image, scales } = evaluationBoxes({ ...sample, name: '', boxes: [] }, size)
      const { objectness, deltas } = await programs[0].run(state, { image: float32([1, 3, ...size], image) })
      if (!allFinite(objectness!) || !allFinite(deltas!)) return undefined
      const boxes = propose(geometry, objectness!, deltas!, options.proposals.evaluation)[0]!.boxes
      const found = await programs[1].run(state, { regions: regionsOf(boxes, most) })
      state.drop(savedActivations)
      const [probabilities, offsets] = [found.probabilities!, found['region/deltas']!]
      if (!allFinite(probabilities) || !allFinite(offsets)) return undefined
      const count = boxes.length / 4
      const rows = (data: Float32Array) => data.subarray(0, (data.length / most) * count)
      const seen = detectionsOf(
        boxes,
        rows(probabilities.data as Float32Array),
        rows(offsets.data as Float32Array),
        geometry,
        detections,
      )
      return { ...seen, boxes: inImage(seen.boxes, scales, sample) }
    },
  })
  state.dispose()
  for (const program of programs) await program.dispose()
  return result
}

/** Regions of one image [1,R,4], padded with empty ones. */
function regionsOf(boxes: Boxes, most: number) {
  const rows = new Float32Array(4 * most)
  rows.set(boxes)
  return float32([1, most, 4], rows)
}

/** Back from the input to the image. */
const inImage = (boxes: Boxes, scales: Scales, image: Pick<DetectionSample, 'height' | 'width'>): Boxes =>
  rowsOf(Array.from({ length: boxes.length / 4 }, (_, i) => boxInImage(boxAt(boxes, i), scales, image)))
