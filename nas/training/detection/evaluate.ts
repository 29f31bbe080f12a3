import { type Boxes, boxAt, rowsOf } from '../../boxes/boxes.ts'
import type { DetectionOptions, Detections } from '../../boxes/detections.ts'
import { boxInImage, evaluationBoxes, type Scales } from '../../data/detection/augment.ts'
import type { DetectionSample } from '../../data/detection/dataset.ts'
import type { Engine } from '../../engines/engine.ts'
import { GraphBuilder } from '../../graph/builder.ts'
import type { Graph } from '../../graph/graph.ts'
import { float32, type Tensor, type Tensors } from '../../tensor.ts'
import type { TrainableDetector } from './detector.ts'
import { findInRegions } from './evaluate-regions.ts'
import { frozen } from './features.ts'
import { detectorGraph, type Features } from './forward.ts'
import type { Geometry } from './geometry.ts'
import { findByAnchors } from './one-stage/evaluate.ts'
import { oneStageGraph } from './one-stage/forward.ts'

type Size = readonly [height: number, width: number]

/** A trained detector, for one image at a time. */
export interface TrainedDetector {
  /** From `image` [1,3,H,W]. */
  readonly graph: Graph
  readonly weights: Tensors
  readonly size: Size
  readonly geometry: Geometry
  readonly detector: TrainableDetector
  readonly detections: DetectionOptions
}

/** The graph of a detector in evaluation, for one image. @param features of one image @param detectorIn its parts in a graph */
export function evaluationGraph(
  features: Features,
  detectorIn: (graph: GraphBuilder) => TrainableDetector,
): Graph {
  const graph = new GraphBuilder()
  const [context, detector] = [frozen(graph), detectorIn(graph)]
  if (detector.stages === 1) return oneStageGraph(context, features, detector)
  const { most } = detector.options.proposals.evaluation
  return detectorGraph(context, features, detector, { regions: most })
}

/** Finds what images show. */
export interface RunningDetector {
  /** In pixels of the image itself; undefined where what the network says is not finite. */
  detect(sample: Pick<DetectionSample, 'height' | 'width' | 'image'>): Promise<Detections | undefined>
}

/** A compiled detector. */
export interface Finding {
  /** In pixels of the input [1,3,H,W]; undefined where what the network says is not finite. */
  find(image: Tensor): Promise<Detections | undefined>
  dispose(): Promise<void>
}

/** Does something with a compiled detector. */
export async function withDetector<T>(
  engine: Engine,
  trained: TrainedDetector,
  work: (running: RunningDetector) => Promise<T>,
): Promise<T> {
  const { detector, size } = trained
  const finding =
    detector.stages === 1
      ? await findByAnchors(engine, trained, detector.options)
      : await findInRegions(engine, trained, detector.options)
  try {
    return await work({
      async detect(sample) {
        const { image, scales } = evaluationBoxes({ ...sample, name: '', boxes: [] }, size)
        const seen = await finding.find(float32([1, 3, ...size], image))
        return seen && { ...seen, boxes: inImage(seen.boxes, scales, sample) }
      },
    })
  } finally {
    await finding.dispose()
  }
}

/** Back from the input to the image. */
const inImage = (boxes: Boxes, scales: Scales, image: Pick<DetectionSample, 'height' | 'width'>): Boxes =>
  rowsOf(Array.from({ length: boxes.length / 4 }, (_, i) => boxInImage(boxAt(boxes, i), scales, image)))
