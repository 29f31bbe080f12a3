import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../../nas/checksum.ts'
import { structureOf } from '../../../../nas/nets/elastic/structure.ts'
import { topformer } from '../../../../nas/nets/topformer/network.ts'
import { startingWeights } from '../../../../nas/pipelines/topformer/starting-weights.ts'
import { random } from '../../../../nas/random.ts'
import { networkOf } from '../../../../nas/spaces/topformer/network.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import { scaledTopformer } from '../../../../nas/spaces/topformer/scaled.ts'
import { largest, sample } from '../../../../nas/spaces/topformer/space.ts'
import { isOfBackbone } from '../../../../nas/spaces/topformer/supernet.ts'
import { float32, sizeOf, type Tensors } from '../../../../nas/tensor.ts'

const space = TOPFORMER_SPACES['topformer-base']
const classes = 3
const from = { space, from: { weights: '0'.repeat(32) } }

const shapesOf = (network: Parameters<typeof topformer>[0]): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...structureOf(topformer(network, classes), [1, 3, 65, 65])]
      .filter(([name]) => !/\/(mean|variance)$/.test(name))
      .map(([name, axes]) => [name, axes.map((groups) => groups.reduce((sum, length) => sum + length, 0))]),
  )

/** As pretraining leaves them; each number says where it is. */
const weights: Tensors = Object.fromEntries(
  [...shapesOf(networkOf(largest(space)))]
    .filter(([name]) => isOfBackbone(name))
    .map(([name, shape]) => [
      name,
      float32(
        shape,
        Float32Array.from({ length: sizeOf(shape) }, (_, i) => i),
      ),
    ]),
)

const startOf = (network: Parameters<typeof startingWeights>[1]['network']) =>
  startingWeights(from, { network, attentionScale: false, classes }, weights)

/** Comparing millions of numbers one by one takes a minute. */
const checksumsOf = (tensors: Tensors) =>
  Object.entries(tensors).map(([name, { shape, data }]) => [name, shape, sha256(new Uint8Array(data.buffer))])

describe('the weights with which networks start', () => {
  it('are those of the supernet, of its largest network', () => {
    expect(checksumsOf(startOf({ kind: 'genotype', genotype: largest(space) }))).toEqual(checksumsOf(weights))
  })

  it('are all but injection and head of a network of the space', () => {
    const genotype = sample(space, random(0, 'start'))
    const own = [...shapesOf(networkOf(genotype))].filter(([name]) => isOfBackbone(name))
    const started = startOf({ kind: 'genotype', genotype })
    expect(Object.entries(started).map(([name, { shape }]) => [name, shape])).toEqual(own)
  })

  it('are of TopFormer the same, as far as it is no wider and no deeper, each of its blocks from a stage', () => {
    const own = shapesOf(scaledTopformer(1, false))
    const started = startOf({ kind: 'scaled', width: 1 })
    for (const [name, { shape }] of Object.entries(started))
      expect([name, shape]).toEqual([name, own.get(name)])
    // TopFormer-B is narrower than the base supernet everywhere.
    const left = [...own.keys()].filter((name) => isOfBackbone(name) && !(name in started))
    expect(left).toEqual([])
    const query = (stage: number, block: number) =>
      `semantics/stage${stage}/block${block}/attention/query/weight`
    expect(started[query(0, 3)]!.data[0]).toBe(weights[query(3, 0)]!.data[0])
  })

  it('leave what is wider than the supernet as it always starts', () => {
    const started = startOf({ kind: 'scaled', width: 2 })
    expect(started).not.toHaveProperty(['pyramid/stage1/block0/project/weight'])
    expect(Object.keys(started).length).toBeLessThan(Object.keys(weights).length)
  })
})
