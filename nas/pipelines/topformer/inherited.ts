import { evaluationInput } from '../../data/augment.ts'
import { IGNORE, type SampleRef, type SegmentationDataset } from '../../data/dataset.ts'
import { evaluationSize, type Size } from '../../data/evaluation-size.ts'
import type { Engine } from '../../engines/engine.ts'
import { TrellisError } from '../../errors.ts'
import { random } from '../../random.ts'
import { readWeights } from '../../runs/model.ts'
import { getResult } from '../../runs/result.ts'
import { readSpec } from '../../runs/trial.ts'
import type { TopformerGenotype } from '../../spaces/topformer/genotype.ts'
import { EVALUATED_AT_ONCE, inheritedWeights } from '../../spaces/topformer/sub-networks.ts'
import { type TopformerSupernet, topformerSupernet } from '../../spaces/topformer/supernet.ts'
import type { ObjectStore } from '../../store/store.ts'
import { float32, int32, type Tensors } from '../../tensor.ts'
import type { EvaluationBatch } from '../../training/evaluate.ts'
import { type EvaluateSpec, supernetSpecSchema } from './specs.ts'

export interface Supernet {
  readonly supernet: TopformerSupernet
  readonly weights: Tensors
  /** Over the last steps of its training. */
  readonly loss: number
}

/** The trained supernet whose weights the networks of a trial inherit. @throws TrellisError `not-found` before it is trained */
export async function readSupernet(
  store: ObjectStore,
  { supernet: trial, attentionScale, classes }: Pick<EvaluateSpec, 'supernet' | 'attentionScale' | 'classes'>,
): Promise<Supernet> {
  const { space } = supernetSpecSchema.parse(await readSpec(store, trial))
  const trained = await getResult(store, trial)
  if (trained?.status !== 'succeeded')
    throw new TrellisError('not-found', `supernet ${trial} has not been trained`, {
      fix: 'resume the run: it trains its supernets first',
    })
  return {
    supernet: topformerSupernet({ space, classes, attentionScale }),
    weights: await readWeights(store, trial),
    loss: trained.loss,
  }
}

interface Options extends Pick<Supernet, 'supernet' | 'weights'> {
  readonly dataset: SegmentationDataset
  /** Training images whose statistics a network gets. */
  readonly images: number
  readonly seed: number
}

/** Networks of a supernet with the weights that they inherit. */
export interface InheritedNetworks {
  /** Height and width that hold every image: see `evaluationSize`. */
  readonly whole: Size
  /** The weights of a network, with its own statistics, by the names of its own parameters. */
  weightsOf(genotype: TopformerGenotype): Promise<Tensors>
  /** All validation images. */
  validation(): AsyncGenerator<EvaluationBatch>
}

/** Calibrates networks on the same training images, which a seed draws, of a size that all images fit in. */
export async function inheritedNetworks(
  engine: Engine,
  { supernet, weights, dataset, images, seed }: Options,
): Promise<InheritedNetworks> {
  const chosen = random(seed, 'calibration')
    .shuffle([...dataset.train])
    .slice(0, images)
  const whole = await evaluationSize(dataset, [...chosen, ...dataset.validation])
  const atOnce = largestDivisor(chosen.length)
  return {
    whole,
    weightsOf: (genotype) =>
      inheritedWeights(
        engine,
        { supernet, weights },
        genotype,
        [atOnce, 3, ...whole],
        imagesOf(wholeBatches(dataset, chosen, whole, atOnce)),
      ),
    validation: () => wholeBatches(dataset, dataset.validation, whole, EVALUATED_AT_ONCE),
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
