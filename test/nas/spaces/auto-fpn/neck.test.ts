import { describe, expect, test } from 'vitest'
import { tensorFlow } from '../../../../nas/engines/tensorflow.ts'
import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import { softmax } from '../../../../nas/graph/ops/softmax.ts'
import { countDetector } from '../../../../nas/nets/detection/count.ts'
import { random } from '../../../../nas/random.ts'
import { KNOWN_NECKS } from '../../../../nas/spaces/auto-fpn/known.ts'
import { relaxedNeck, searchedNeck } from '../../../../nas/spaces/auto-fpn/neck.ts'
import { autoFpn } from '../../../../nas/spaces/auto-fpn/network.ts'
import { NECK_OPERATORS, type NeckOperator } from '../../../../nas/spaces/auto-fpn/operators.ts'
import { resample } from '../../../../nas/spaces/auto-fpn/resample.ts'
import { autoFpnSpace } from '../../../../nas/spaces/auto-fpn/space.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { tf } from '../../engines/tfjs.ts'
import { directionalDerivatives, evaluate } from '../../graph/check-op.ts'
import { engine, noise } from '../../nets/networks.ts'
import { contextOf, genotypeOf, graphOf, layer, neckOf, oneHot } from './modules.ts'

const image = [3, 128, 128]
const options = { channels: 4, batchNorm: false }
const maps = { level0: [1, 3, 5, 6], level1: [1, 5, 3, 3] }

describe('levels of one resolution', () => {
  const pooled = async (octaves: number, x: ReturnType<typeof noise>, like: readonly number[]) => {
    const graph = graphOf({ x: x.shape, like }, (graph, x, like) => ({
      y: resample(graph, x!, octaves, like!),
    }))
    const { y } = await evaluate(await engine, graph, { x, like: noise(like) })
    return { shape: y!.shape, data: [...y!.data] }
  }
  const counting = (rows: number, columns: number) =>
    float32([1, 1, rows, columns], [...Array(rows * columns).keys()])

  test('a coarser one gets the largest of each window', async () => {
    expect(await pooled(1, counting(4, 4), [1, 1, 2, 2])).toEqual({
      shape: [1, 1, 2, 2],
      data: [5, 7, 13, 15],
    })
    expect((await pooled(2, counting(4, 4), [1, 1, 1, 1])).data).toEqual([15])
  })

  test('sizes that are no multiples are rounded up, and the last windows have what is there', async () => {
    expect(await pooled(1, counting(3, 5), [1, 1, 2, 3])).toEqual({
      shape: [1, 1, 2, 3],
      data: [6, 8, 9, 11, 13, 14],
    })
  })

  test('a finer one is interpolated between pixel centres', async () => {
    expect((await pooled(-1, counting(1, 2), [1, 1, 1, 4])).data).toEqual([0, 0.25, 0.75, 1])
  })
})

describe('a neck that was found', () => {
  const counted = (neck: ReturnType<typeof neckOf>, classes = 80) =>
    countDetector(autoFpn(genotypeOf({ neck }), { network: 'resnet-50', width: 1 }, classes), image)
  /** A neck of so many separable operators of each kernel, from the first link on; the rest of its links are identities. */
  const withOperators = (k3: number, k5: number) => {
    const kinds: readonly NeckOperator[] = ['dil_conv_3x3_r2', 'dil_conv_3x3_r3', 'sep_conv_3x3']
    const operators = Array.from({ length: 32 }, (_, i): NeckOperator => {
      if (i < k3) return kinds[i % 3]!
      return i < k3 + k5
        ? (['dil_conv_5x5_r2', 'dil_conv_5x5_r3', 'sep_conv_5x5'] as const)[i % 3]!
        : 'identity'
    })
    return neckOf(4, operators.slice(0, 16), operators.slice(16))
  }

  /** Tables 2 and 3 of the paper, in millions; totals there are up to 0.01 million off. */
  test.each([
    ['Auto-fusion_S, COCO', 80, 5, 1, 1.39, 39.8],
    ['Auto-fusion_M, COCO', 80, 5, 4, 1.61, 40.02],
    ['Auto-fusion_L, COCO', 80, 5, 7, 1.83, 40.24],
    ['Auto-fusion_M, VOC', 20, 6, 5, 1.75, 39.86],
    ['Auto-fusion_S, BDD', 10, 5, 0, 1.32, 39.37],
    ['Auto-fusion_L, BDD', 10, 5, 10, 2.04, 40.09],
  ])(
    '%s: for %i classes, %i operators of 3x3 and %i of 5x5 weigh what is published',
    (_, classes, k3, k5, neck, total) => {
      const { parameters, scopes } = counted(withOperators(k3, k5), classes)
      expect(scopes.neck!.parameters).toBe(983_040 + k3 * 67_840 + k5 * 71_936)
      expect(Number((scopes.neck!.parameters / 1e6).toFixed(2))).toBe(neck)
      expect(Math.abs(parameters / 1e6 - total)).toBeLessThan(0.011)
      expect(parameters - scopes.neck!.parameters - scopes.head!.parameters).toBe(24_101_967)
    },
  )

  test('operators work at the resolution of their source', () => {
    const neck = (link: string) =>
      counted(neckOf(4, layer(4, { [link]: 'sep_conv_3x3' }))).scopes.neck!.multiplyAdds
    const pixels = [32, 16, 8, 4].map((side) => side ** 2)
    const laterals = [256, 512, 1024, 2048].reduce((sum, c, i) => sum + pixels[i]! * c * 256, 0)
    expect(neck('0to3')).toBe(laterals + pixels[0]! * 67_840)
    expect(neck('3to0')).toBe(laterals + pixels[3]! * 67_840)
  })

  test('adds up what its links bring, of identities the maps themselves, negative numbers too', async () => {
    const genotype = neckOf(2, layer(2, { '0to0': 'identity', '1to0': 'identity', '0to1': 'identity' }))
    const graph = graphOf({ level0: [1, 1, 2, 2], level1: [1, 1, 1, 1] }, (graph, ...levels) => {
      const [p0, p1] = searchedNeck(contextOf(graph), levels, genotype, { channels: 1, batchNorm: false })
      return { p0: p0!, p1: p1! }
    })
    const one = float32([1, 1, 1, 1], [1])
    const { p0, p1 } = await evaluate(await engine, graph, {
      level0: float32([1, 1, 2, 2], [-1, -2, -3, -4]),
      level1: float32([1, 1, 1, 1], [10]),
      'neck/lateral0/weight': one,
      'neck/lateral1/weight': one,
    })
    expect([...p0!.data]).toEqual([9, 8, 7, 6])
    expect([...p1!.data]).toEqual([-1])
  })

  test('reads no weight of a link that changes nothing, and a level without links is zero', async () => {
    // The first layer makes nothing of level 1, so that its operator in the second has nothing to read.
    const genotype = neckOf(
      2,
      layer(2, { '0to0': 'sep_conv_3x3' }),
      layer(2, { '0to0': 'identity', '1to1': 'sep_conv_5x5' }),
    )
    const graph = graphOf(maps, (graph, ...levels) => {
      const [p0, p1] = searchedNeck(contextOf(graph), levels, genotype, options)
      return { p0: p0!, p1: p1! }
    })
    expect([...graph.parameters.keys()]).toEqual([
      'neck/lateral0/weight',
      'neck/lateral1/weight',
      'neck/layer0/from0to0/sep_conv_3x3/depthwise/weight',
      'neck/layer0/from0to0/sep_conv_3x3/pointwise/weight',
    ])
    const inputs = { level0: noise(maps.level0), level1: noise(maps.level1) }
    const { p1 } = await evaluate(await engine, graph, { ...inputs, ...initialise(graph.parameters, 1) })
    expect(p1!.shape).toEqual([1, 4, 3, 3])
    expect([...new Set(p1!.data)].map(Math.abs)).toEqual([0])
  })

  test('has normalisations after its 1x1 convolutions only where it is asked for them', () => {
    const genotype = neckOf(2, layer(2, { '0to0': 'dil_conv_3x3_r2', '1to1': 'identity' }))
    const norms = (batchNorm: boolean) =>
      [
        ...graphOf(maps, (graph, ...levels) => {
          const [p0, p1] = searchedNeck(contextOf(graph), levels, genotype, { channels: 4, batchNorm })
          return { p0: p0!, p1: p1! }
        }).parameters.keys(),
      ].filter((name) => !name.endsWith('/weight'))
    expect(norms(false)).toEqual([])
    expect(norms(true)).toEqual(
      ['gamma', 'beta', 'mean', 'variance'].map(
        (name) => `neck/layer0/from0to0/dil_conv_3x3_r2/pointwise/${name}`,
      ),
    )
  })

  test('fits a backbone of as many levels alone', () => {
    const graph = new GraphBuilder()
    const level = graph.input('level', { dtype: 'float32', shape: [1, 4, 2, 2] })
    expect(() => searchedNeck(contextOf(graph), [level], KNOWN_NECKS['ssd-neck'].neck!, options)).toThrow(
      expect.objectContaining({
        code: 'invalid-genotype',
        message: 'a neck of 4 levels cannot read the 1 levels of this backbone',
      }),
    )
  })
})

test('known necks connect levels as Fig. 2 shows', () => {
  const connections = (name: keyof typeof KNOWN_NECKS) =>
    KNOWN_NECKS[name].neck!.layers.map((operators) =>
      Array.from({ length: 4 }, (_, target) =>
        Array.from({ length: 4 }, (_, source) =>
          operators[4 * target + source] === 'none' ? '.' : 'x',
        ).join(''),
      ),
    )
  const diagonal = ['x...', '.x..', '..x.', '...x']
  expect(connections('ssd-neck')).toEqual([diagonal, diagonal])
  expect(connections('fpn-neck')).toEqual([['xxxx', '.xxx', '..xx', '...x'], diagonal])
  expect(connections('panet-neck')).toEqual([
    ['xxxx', '.xxx', '..xx', '...x'],
    ['x...', 'xx..', 'xxx.', 'xxxx'],
  ])
})

describe('a neck that is searched', () => {
  const relaxed = graphOf({ ...maps, alpha0: [4, 8], alpha1: [4, 8] }, (graph, ...inputs) => {
    const [p0, p1] = relaxedNeck(contextOf(graph), inputs.slice(0, 2), inputs.slice(2), options)
    return { p0: p0!, p1: p1! }
  })
  const weights = initialise(relaxed.parameters, 1)
  const levels = { level0: noise(maps.level0, 1), level1: noise(maps.level1, 2) }

  test('is the neck that is decoded where its weights choose that, with the same names', async () => {
    const space = autoFpnSpace({ neck: { levels: 2, layers: 2 }, head: null })
    for (const seed of [1, 2, 3, 4]) {
      const neck = space.sample(random(seed)).neck!
      const decoded = graphOf(maps, (graph, ...levels) => {
        const [p0, p1] = searchedNeck(contextOf(graph), levels, neck, options)
        return { p0: p0!, p1: p1! }
      })
      for (const name of decoded.parameters.keys()) expect(weights).toHaveProperty([name])
      const expected = await evaluate(await engine, decoded, { ...levels, ...weights })
      const found = await evaluate(await engine, relaxed, {
        ...levels,
        ...weights,
        alpha0: oneHot(neck.layers[0]!, NECK_OPERATORS),
        alpha1: oneHot(neck.layers[1]!, NECK_OPERATORS),
      })
      for (const level of ['p0', 'p1'])
        expected[level]!.data.forEach((x, i) => {
          expect(found[level]!.data[i]).toBeCloseTo(x, 4)
        })
    }
  })

  test('has seven operators a link, and no normalisation', () => {
    const names = [...relaxed.parameters.keys()]
    expect(names.filter((name) => name.startsWith('neck/layer'))).toHaveLength(2 * 4 * 6 * 2)
    expect(names.every((name) => name.endsWith('/weight'))).toBe(true)
  })

  test('applies one ReLU to every map, whatever reads it', () => {
    expect(relaxed.nodes.filter(({ op }) => op.name === 'relu')).toHaveLength(4)
  })

  const row = {
    title: 'relaxed neck',
    inputs: { ...weights, ...levels, alpha0: noise([4, 8], 3), alpha1: noise([4, 8], 4) },
    wrt: ['alpha0', 'alpha1'],
    // Small, as ReLU and max pooling have kinks.
    step: 1e-3,
    build: (graph: GraphBuilder, ...values: Parameters<typeof softmax>[1][]) => {
      const [level0, level1, ...alpha] = values.slice(-4)
      const softmaxes = alpha.map((x) => softmax(graph, x, 1))
      return [...relaxedNeck(contextOf(graph), [level0!, level1!], softmaxes, options)]
    },
  }

  test('has the gradient of finite differences by alpha, in both engines', async () => {
    for (const each of [await engine, await tensorFlow({ tf })])
      for (const { numeric, analytic, scale } of await directionalDerivatives(each, row))
        expect(Math.abs(numeric - analytic)).toBeLessThan(1e-2 * scale)
  })
})
