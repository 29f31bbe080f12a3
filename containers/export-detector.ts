import { type Box, boxAt } from '../nas/boxes/boxes.ts'
import type { Detections } from '../nas/boxes/detections.ts'
import { boxInImage, evaluationBoxes } from '../nas/data/detection/augment.ts'
import type { DetectionSample } from '../nas/data/detection/dataset.ts'
import { runModel } from '../nas/engines/onnxruntime/run-model.ts'
import { TrellisError } from '../nas/errors.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { withChecksum } from '../nas/graph/onnx/checksum.ts'
import { toOnnx } from '../nas/graph/onnx/model.ts'
import { float32 } from '../nas/tensor.ts'
import type { RunningDetector, TrainedDetector } from '../nas/training/detection/evaluate.ts'

/** Of probabilities, and of edges in parts of the image's longer side. */
const TOLERANCE = 1e-3

interface ExportedDetector {
  /** From `image` to `boxes`, `scores` and `labels`. */
  readonly graph: Graph
  readonly network: TrainedDetector
  /** What those who run the model must know, and more; each value is written as JSON. */
  readonly metadata: object
  /** What both are tried on. */
  readonly sample: DetectionSample
}

/**
 * A trained detector as an ONNX model, with all that its evaluation does.
 * @param running the same detector
 * @throws TrellisError `trial-failed` if ONNX Runtime does not find with it what the training engine found
 */
export async function exportDetector(
  running: RunningDetector,
  { graph, network, metadata, sample }: ExportedDetector,
): Promise<Uint8Array> {
  const model = toOnnx(graph, {
    parameters: network.weights,
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    exported: { boxes: [FOUND, null], scores: [FOUND], labels: [FOUND] },
  })
  const expected = await running.detect(sample)
  const { image, scales } = evaluationBoxes(sample, network.size)
  const { boxes, scores } = await runModel(model, { image: float32([1, 3, ...network.size], image) })
  const found = {
    first: boxInImage(boxAt(boxes!.data as Float32Array, 0), scales, sample),
    scores: scores!.data as Float32Array,
  }
  if (expected === undefined || !agree(expected, found, Math.max(sample.height, sample.width)))
    throw new TrellisError('trial-failed', 'the exported model finds other boxes than the trained detector')
  return withChecksum(model)
}

/** The name of the axis of what is found. */
const FOUND = 'detections'

/** Whether the likeliest are the same; where two are as likely as each other, their order is open. */
function agree(
  expected: Detections,
  found: { readonly first: Box; readonly scores: Float32Array },
  side: number,
): boolean {
  if (expected.scores.length !== found.scores.length) return false
  if (expected.scores.some((score, i) => Math.abs(score - found.scores[i]!) > TOLERANCE)) return false
  const [first] = expected.scores
  const isClear = first !== undefined && !(first - (expected.scores[1] ?? 0) <= TOLERANCE)
  return (
    !isClear ||
    expected.boxes.subarray(0, 4).every((edge, i) => Math.abs(edge - found.first[i]!) <= TOLERANCE * side)
  )
}
