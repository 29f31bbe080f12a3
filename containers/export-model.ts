import { evaluationInput } from '../nas/data/augment.ts'
import type { SegmentationDataset } from '../nas/data/dataset.ts'
import type { Program, State } from '../nas/engines/engine.ts'
import { runModel } from '../nas/engines/onnxruntime.ts'
import { TrellisError } from '../nas/errors.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { toOnnx } from '../nas/graph/onnx/model.ts'
import type { DpcGenotype } from '../nas/spaces/dpc/genotype.ts'
import { float32, type Tensors } from '../nas/tensor.ts'

/** How far a model may be from the engine that trained it, relative to the largest logit. */
const TOLERANCE = 1e-4

interface Exported {
  readonly graph: Graph
  readonly weights: Tensors
  readonly program: Program
  readonly state: State
  readonly genotype: DpcGenotype
  readonly dataset: SegmentationDataset
  readonly whole: readonly [height: number, width: number]
}

/**
 * The trained network as an ONNX model: `image` [1,3,H,W], RGB normalised by ImageNet's mean and deviation, to `logits`
 * [1,classes,H,W] and int32 `predictions` [1,H,W].
 * @throws TrellisError `job-failed` if ONNX Runtime does not compute with it what the training engine computed.
 */
export async function exportModel({
  graph,
  weights,
  program,
  state,
  genotype,
  dataset,
  whole,
}: Exported): Promise<Uint8Array> {
  const model = toOnnx(graph, {
    parameters: weights,
    metadata: { genotype: JSON.stringify(genotype), classes: JSON.stringify(dataset.classes) },
  })
  const { image } = evaluationInput(await dataset.load(dataset.validation[0]!), whole)
  const inputs = { image: float32([1, 3, ...whole], image) }
  const expected = (await program.run(state, inputs)).logits!.data
  const found = (await runModel(model, inputs)).logits!.data
  let [difference, largest] = [0, 1]
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(expected[i]! - found[i]!))
    largest = Math.max(largest, Math.abs(expected[i]!))
  }
  if (!(difference <= TOLERANCE * largest))
    throw new TrellisError(
      'job-failed',
      `the exported model differs from the trained one by ${difference} of ${largest}`,
    )
  return model
}
