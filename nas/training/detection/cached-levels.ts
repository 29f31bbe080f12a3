import { random } from '../../random.ts'
import { float32, int32, type Tensor, type Tensors } from '../../tensor.ts'
import { packTruths, type Truth, unpackTruths } from './truth.ts'

/** Where the levels of some images are. */
export type LevelShards = readonly { readonly key: string; readonly samples: number }[]

/** Decoded shards that stay in memory: those that are read again soonest. */
const CACHED_BYTES = 1 << 30

/** Cached levels, a batch at a time. */
export interface CachedLevels {
  /**
   * `level0` to `level3` [N,C,H,W], `truths` and `draw` of a step, a pure function of (seed, step). Each epoch takes the shards in a
   * new order, and the samples of each in a new order, so that few shards are in use at a time.
   */
  batch(options: { readonly batch: number; readonly seed: number; readonly step: number }): Promise<Tensors>
}

interface Place {
  readonly shard: number
  readonly sample: number
}

/** @param read the tensors of a shard, by its key */
export function openLevels(read: (key: string) => Promise<Tensors>, shards: LevelShards): CachedLevels {
  const total = shards.reduce((sum, { samples }) => sum + samples, 0)
  const load = cached(async (shard) => {
    const { truths, ...levels } = await read(shards[shard]!.key)
    return { levels, truths: unpackTruths(truths!, shards[shard]!.samples) }
  })
  const orders = new Map<number, readonly Place[]>()
  const orderOf = (seed: number, epoch: number): readonly Place[] => {
    const known = orders.get(epoch)
    if (known !== undefined) return known
    orders.delete(epoch - 2)
    const order = random(seed, 'shards', epoch)
      .shuffle([...shards.keys()])
      .flatMap((shard) =>
        random(seed, 'samples', epoch, shard)
          .shuffle([...Array(shards[shard]!.samples).keys()])
          .map((sample) => ({ shard, sample })),
      )
    orders.set(epoch, order)
    return order
  }
  return {
    async batch({ batch, seed, step }) {
      const truths: Truth[] = []
      const parts: Tensors[] = []
      for (let i = 0; i < batch; i++) {
        const position = step * batch + i
        const { shard, sample } = orderOf(seed, Math.floor(position / total))[position % total]!
        const from = await load(shard)
        truths.push(from.truths[sample]!)
        parts.push(
          Object.fromEntries(Object.entries(from.levels).map(([name, all]) => [name, rowOf(all, sample)])),
        )
      }
      const levels = Object.keys(parts[0]!).map((name) => [name, stacked(parts.map((part) => part[name]!))])
      return { ...Object.fromEntries(levels), truths: packTruths(truths), draw: int32([1], [step]) }
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

interface Shard {
  readonly levels: Tensors
  readonly truths: readonly Truth[]
}

/** Keeps shards up to `CACHED_BYTES`; the one that was loaded first is evicted first. */
function cached(load: (shard: number) => Promise<Shard>): (shard: number) => Promise<Shard> {
  const shards = new Map<number, Shard>()
  let bytes = 0
  const size = ({ levels }: Shard) =>
    Object.values(levels).reduce((sum, { data }) => sum + data.byteLength, 0)
  return async (index) => {
    const known = shards.get(index)
    if (known !== undefined) return known
    const shard = await load(index)
    shards.set(index, shard)
    bytes += size(shard)
    for (const [oldest, evicted] of shards) {
      if (bytes <= CACHED_BYTES || oldest === index) break
      shards.delete(oldest)
      bytes -= size(evicted)
    }
    return shard
  }
}
