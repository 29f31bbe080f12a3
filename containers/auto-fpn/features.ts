import type { SampleRef } from '../../nas/data/dataset.ts'
import { trainingHalves } from '../../nas/data/detection/halves.ts'
import type { Engine, Program, State } from '../../nas/engines/engine.ts'
import { GraphBuilder } from '../../nas/graph/builder.ts'
import { backboneKey, type FeaturesManifest, featuresKey } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { pyramidOf } from '../../nas/pipelines/auto-fpn/network.ts'
import { random } from '../../nas/random.ts'
import { featuresKeys } from '../../nas/runs/inputs.ts'
import { Interrupted } from '../../nas/runs/interrupted.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import { float32, type Tensors } from '../../nas/tensor.ts'
import { type DetectionView, viewOf } from '../../nas/training/detection/batches.ts'
import { fromImages, frozen, levelName } from '../../nas/training/detection/features.ts'
import { packTruths } from '../../nas/training/detection/truth.ts'
import { readBackbone } from '../backbone.ts'
import type { AutoFpnContext } from './context.ts'

/** Samples of a shard: a few tens of megabytes of features. */
const SHARD = 16

interface View {
  readonly ref: SampleRef
  readonly view: number
}

/** Caches the levels that the trained backbone gives of every training image, in several variations, with their boxes. */
export async function features(context: AutoFpnContext): Promise<void> {
  const { store, record, engine, signal } = context
  const { search, seed, image: size, augmentation } = record.config
  const key = featuresKey(record)
  const keys = featuresKeys(key)
  const dataset = await context.dataset()
  const [forWeights, forArchitecture] = trainingHalves(dataset.train, seed)
  const viewsOf = (refs: readonly SampleRef[], half: string): readonly View[] =>
    random(seed, 'features', half).shuffle(
      refs.flatMap((ref) => Array.from({ length: search.views }, (_, view) => ({ ref, view }))),
    )
  const views = {
    weights: viewsOf(forWeights, 'weights'),
    architecture: viewsOf(forArchitecture, 'architecture'),
  }
  const written = new Set<string>()
  for await (const name of store.list(`features/${key}/`)) written.add(name)

  const graph = new GraphBuilder()
  const levels = fromImages(pyramidOf(record.config), 1, size)(frozen(graph))
  const program = await engine.compile(
    graph.build(Object.fromEntries(levels.map((level, i) => [levelName(i), level]))),
  )
  const state = engine.state(await readBackbone(store, backboneKey(record)))
  const compute: Compute = {
    ...{ engine, program, state, signal, size },
    input: ({ ref, view }) =>
      viewOf(dataset, ref, { ...augmentation, crop: size }, random(seed, 'view', view, ref.name)),
  }
  const steps = views.weights.length + views.architecture.length
  let [shards, done] = [0, 0]
  const cached = async (all: readonly View[]) => {
    const made: { key: string; samples: number }[] = []
    for (let i = 0; i < all.length; i += SHARD) {
      const part = all.slice(i, i + SHARD)
      const name = keys.shard(shards++)
      // An earlier attempt wrote the same bytes; a job that found some of them damaged has deleted those.
      if (!written.has(name)) await store.put(name, await encodeShard(compute, part))
      made.push({ key: name, samples: part.length })
      done += part.length
      context.progress({ trial: key, step: done, steps, loss: Number.NaN })
    }
    return made
  }
  const manifest: FeaturesManifest = {
    features: key,
    weights: await cached(views.weights),
    architecture: await cached(views.architecture),
  }
  state.dispose()
  await program.dispose()
  await store.put(keys.manifest, jsonBytes(manifest))
}

interface Compute {
  readonly engine: Engine
  readonly program: Program
  /** The weights of the backbone. */
  readonly state: State
  readonly signal: AbortSignal
  readonly size: readonly [height: number, width: number]
  input(view: View): Promise<DetectionView>
}

/** @throws Interrupted between images */
async function encodeShard(
  { program, state, signal, size, input }: Compute,
  views: readonly View[],
): Promise<Uint8Array> {
  const inputs: DetectionView[] = []
  const computed: Tensors[] = []
  for (const view of views) {
    if (signal.aborted) throw new Interrupted()
    const varied = await input(view)
    computed.push(await program.run(state, { image: float32([1, 3, ...size], varied.image) }))
    inputs.push(varied)
  }
  const levels = Object.entries(computed[0]!).map(([name, { shape, data }]) => {
    const all = new Float32Array(data.length * views.length)
    for (const [i, tensors] of computed.entries()) all.set(tensors[name]!.data, i * data.length)
    return [name, float32([views.length, ...shape.slice(1)], all)] as const
  })
  return encodeSafetensors({
    ...Object.fromEntries(levels),
    truths: packTruths(inputs.map(({ truth }) => truth)),
  })
}
