import { float32, int32, type Tensor, type Tensors } from '../../tensor.ts'
import { bytesOf, cachedShards, placesOf } from '../shards.ts'
import { packTruths, type Truth, unpackTruths } from './truth.ts'

/** Where the levels of some images are. */
export type LevelShards = readonly { readonly key: string; readonly samples: number }[]

/** Cached levels, a batch at a time. */
export interface CachedLevels {
  /** `level0` to `level3` [N,C,H,W], `truths` and `draw` of a step: see `placesOf`. */
  batch(options: { readonly batch: number; readonly seed: number; readonly step: number }): Promise<Tensors>
}

interface Shard {
  readonly levels: Tensors
  readonly truths: readonly Truth[]
}

/** @param read the tensors of a shard, by its key */
export function openLevels(read: (key: string) => Promise<Tensors>, shards: LevelShards): CachedLevels {
  const load = cachedShards(
    async (shard): Promise<Shard> => {
      const { truths, ...levels } = await read(shards[shard]!.key)
      return { levels, truths: unpackTruths(truths!, shards[shard]!.samples) }
    },
    ({ levels }) => bytesOf(levels),
  )
  const places = placesOf(shards.map(({ samples }) => samples))
  return {
    async batch(options) {
      const truths: Truth[] = []
      const parts: Tensors[] = []
      for (const { shard, sample } of places(options)) {
        const from = await load(shard)
        truths.push(from.truths[sample]!)
        parts.push(
          Object.fromEntries(Object.entries(from.levels).map(([name, all]) => [name, rowOf(all, sample)])),
        )
      }
      const levels = Object.keys(parts[0]!).map((name) => [name, stacked(parts.map((part) => part[name]!))])
      return {
        ...Object.fromEntries(levels),
        truths: packTruths(truths),
        draw: int32([1], [options.step]),
      }
    },
  }
}

function rowOf({ shape, data }: Tensor, row: number): Tensor {
  const size = data.length / shape[0]!
  return float32(shape.slice(1), data.subarray(row * size, (row + 1) * size) as Float32Array)
}

function stacked(rows: readonly Tensor[]): Tensor {
  const [first] = rows as readonly [Tensor]
  const all = new Float32Array(first.data.length * rows.length)
  for (const [i, { data }] of rows.entries()) all.set(data, i * data.length)
  return float32([rows.length, ...first.shape], all)
}
