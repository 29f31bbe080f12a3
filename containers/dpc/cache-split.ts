import type { Input } from '../../nas/data/augment.ts'
import { subsampleLabels } from '../../nas/data/batches.ts'
import type { Engine, Program, State } from '../../nas/engines/engine.ts'
import { GraphBuilder } from '../../nas/graph/builder.ts'
import { type BackboneOptions, backboneFeatures } from '../../nas/nets/backbones/index.ts'
import { type FeaturesManifest, featuresBatch } from '../../nas/pipelines/dpc/features.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { float32, int32 } from '../../nas/tensor.ts'
import { LABEL_STRIDE, subsampled } from '../../nas/training/segmentation.ts'

type Size = readonly [height: number, width: number]
type Sample = () => Promise<Input>
type Shards = FeaturesManifest['train']['shards']

/** In one object: a few tens of megabytes of features. */
const BATCHES = 4

/** What features are computed with, and where they go. */
export interface Compute {
  readonly engine: Engine
  /** The weights of the backbone. */
  readonly state: State
  readonly backbone: BackboneOptions
  readonly signal: AbortSignal
  /** Writes a shard of so many samples where it is not there yet. */
  put(samples: number, make: () => Promise<Uint8Array>): Promise<Shards[number]>
  onSamples(count: number): void
}

/** Computes and writes the features of samples that are all of one size, with their labels at `LABEL_STRIDE`. */
export async function cacheSplit(
  compute: Compute,
  size: Size,
  samples: readonly Sample[],
): Promise<{ readonly channels: number; readonly split: FeaturesManifest['train'] }> {
  const { engine, backbone } = compute
  const graph = new GraphBuilder()
  const batch = featuresBatch(size)
  const image = graph.input('image', { dtype: 'float32', shape: [batch, 3, ...size] })
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-5 } } as const
  const output = backboneFeatures(context, image, backbone)
  const program = await engine.compile(graph.build({ features: output }))
  const shape = output.type.shape as [number, number, number, number]
  const shards: Shards[number][] = []
  const shard = BATCHES * batch
  for (let i = 0; i < samples.length; i += shard) {
    const part = samples.slice(i, i + shard)
    shards.push(await compute.put(part.length, () => encodeShard(compute, program, { size, shape }, part)))
  }
  await program.dispose()
  return { channels: shape[1], split: { image: size, shards } }
}

interface Shapes {
  /** Of images. */
  readonly size: Size
  /** Of the features of a batch. */
  readonly shape: readonly [number, number, number, number]
}

/** @throws Interrupted between batches */
async function encodeShard(
  { state, signal, onSamples }: Compute,
  program: Program,
  { size, shape: [batchSize, channels, h, w] }: Shapes,
  samples: readonly Sample[],
): Promise<Uint8Array> {
  const labelsSize = subsampled(size, LABEL_STRIDE)
  const features = new Float32Array(samples.length * channels * h * w)
  const labels = new Int32Array(samples.length * labelsSize[0] * labelsSize[1])
  for (let i = 0; i < samples.length; i += batchSize) {
    if (signal.aborted) throw new Interrupted()
    const inputs = await Promise.all(samples.slice(i, i + batchSize).map((input) => input()))
    const batch = new Float32Array(batchSize * 3 * size[0] * size[1])
    inputs.forEach((input, j) => {
      batch.set(input.image, j * input.image.length)
      const row = subsampleLabels(input.labels, ...size, LABEL_STRIDE)
      labels.set(row, (i + j) * row.length)
    })
    const result = await program.run(state, { image: float32([batchSize, 3, ...size], batch) })
    const computed = result.features!.data.subarray(0, inputs.length * channels * h * w)
    features.set(computed, i * channels * h * w)
    onSamples(inputs.length)
  }
  return encodeSafetensors({
    features: float32([samples.length, channels, h, w], features),
    labels: int32([samples.length, ...labelsSize], labels),
  })
}
