import type { Program, State } from '../nas/engines/engine.ts'
import { runModel } from '../nas/engines/onnxruntime/run-model.ts'
import { TrellisError } from '../nas/errors.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { withChecksum } from '../nas/graph/onnx/checksum.ts'
import { anyImages } from '../nas/graph/onnx/image-axes.ts'
import { toOnnx } from '../nas/graph/onnx/model.ts'
import type { Tensor, Tensors } from '../nas/tensor.ts'

/** How far a model may be from the engine that trained it, relative to the largest logit. */
const TOLERANCE = 1e-4

interface Exported {
  /** From `image` to `logits` and more, for one image. */
  readonly graph: Graph
  readonly weights: Tensors
  /** The same graph and weights, compiled. */
  readonly program: Program
  readonly state: State
  /** What those who run the model must know, and more; each value is written as JSON. */
  readonly metadata: object
  /** What both are tried on. */
  readonly image: Tensor
}

/**
 * A trained network as an ONNX model for any number of images of any height and width.
 * @throws TrellisError `trial-failed` if ONNX Runtime does not compute with it what the training engine computed.
 */
export async function exportModel(exported: Exported): Promise<Uint8Array> {
  const { graph, weights, program, state, image } = exported
  const metadata = Object.entries(exported.metadata).map(([name, value]) => [name, JSON.stringify(value)])
  const model = toOnnx(graph, {
    parameters: weights,
    metadata: Object.fromEntries(metadata),
    exported: anyImages(graph),
  })
  const expected = (await program.run(state, { image })).logits!.data
  const found = (await runModel(model, { image })).logits!.data
  let [difference, largest] = [0, 1]
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(expected[i]! - found[i]!))
    largest = Math.max(largest, Math.abs(expected[i]!))
  }
  if (!(difference <= TOLERANCE * largest))
    throw new TrellisError(
      'trial-failed',
      `the exported model differs from the trained one by ${difference} of ${largest}`,
    )
  return withChecksum(model)
}
