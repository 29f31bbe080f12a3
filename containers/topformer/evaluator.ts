import { evaluationInput } from '../../nas/data/augment.ts'
import { IGNORE, type SampleRef, type SegmentationDataset } from '../../nas/data/dataset.ts'
import { evaluationSize, type Size } from '../../nas/data/evaluation-size.ts'
import { random } from '../../nas/random.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { EVALUATED_AT_ONCE, subNetworks } from '../../nas/spaces/topformer/sub-networks.ts'
import type { TopformerSupernet } from '../../nas/spaces/topformer/supernet.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { float32, int32, type Tensors } from '../../nas/tensor.ts'
import type { EvaluationBatch } from '../../nas/training/evaluate.ts'
import { segmentationGraph } from '../../nas/training/segmentation.ts'
import { score } from '../result.ts'
import type { TopformerContext } from './context.ts'

interface Evaluated {
  readonly supernet: TopformerSupernet
  readonly weights: Tensors
  readonly dataset: SegmentationDataset
  /** Training images whose statistics a network gets. */
  readonly images: number
  readonly seed: number
  /** Of the supernet, over its last steps. */
  readonly loss: number
}

/** What scores networks of a supernet, once its programs are compiled. */
export interface Evaluator {
  score(genotype: TopformerGenotype): Promise<Result<Segmented>>
  dispose(): Promise<void>
}

/** Scores networks with the weights that they inherit: statistics from training images, then all validation images. */
export async function evaluator(
  { engine }: Pick<TopformerContext, 'engine'>,
  { supernet, weights, dataset, images, seed, loss }: Evaluated,
): Promise<Evaluator> {
  const chosen = random(seed, 'calibration')
    .shuffle([...dataset.train])
    .slice(0, images)
  const whole = await evaluationSize(dataset, [...chosen, ...dataset.validation])
  const atOnce = largestDivisor(chosen.length)
  const networks = await subNetworks(engine, {
    supernet,
    weights,
    calibration: [atOnce, 3, ...whole],
    evaluation: [EVALUATED_AT_ONCE, 3, ...whole],
  })
  const classes = dataset.classes.length
  return {
    async score(genotype) {
      await networks.calibrate(genotype, imagesOf(wholeBatches(dataset, chosen, whole, atOnce)))
      const single = segmentationGraph({
        network: supernet.networkOf(genotype),
        input: { name: 'image', shape: [1, 3, ...whole] },
        labels: whole,
      })
      return score({
        ...networks.calibrated,
        batches: wholeBatches(dataset, dataset.validation, whole, EVALUATED_AT_ONCE),
        classes,
        single,
        losses: [loss],
      })
    },
    dispose: networks.dispose,
  }
}

/** The most images at once of which all batches are full. */
const largestDivisor = (images: number): number => {
  let divisor = Math.min(EVALUATED_AT_ONCE, images)
  while (images % divisor !== 0) divisor--
  return divisor
}

async function* imagesOf(batches: AsyncIterable<EvaluationBatch>) {
  for await (const { inputs } of batches) yield { image: inputs.image! }
}

/** Whole images in the upper left corner of a size; the last batch is padded with images of zero and ignored labels. */
async function* wholeBatches(
  dataset: SegmentationDataset,
  refs: readonly SampleRef[],
  size: Size,
  batch: number,
): AsyncGenerator<EvaluationBatch> {
  const pixels = size[0] * size[1]
  for (let start = 0; start < refs.length; start += batch) {
    const image = new Float32Array(batch * 3 * pixels)
    const labels = new Int32Array(batch * pixels).fill(IGNORE)
    for (const [i, ref] of refs.slice(start, start + batch).entries()) {
      const input = evaluationInput(await dataset.load(ref), size)
      image.set(input.image, i * 3 * pixels)
      labels.set(input.labels, i * pixels)
    }
    yield { inputs: { image: float32([batch, 3, ...size], image) }, labels: int32([batch, ...size], labels) }
  }
}
