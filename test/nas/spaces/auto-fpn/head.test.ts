import { describe, expect, test } from 'vitest'
import type { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Value } from '../../../../nas/graph/graph.ts'
import { softmax } from '../../../../nas/graph/ops/softmax.ts'
import { countDetector } from '../../../../nas/nets/detection/count.ts'
import type { RegionPredictions } from '../../../../nas/nets/detection/head.ts'
import { random } from '../../../../nas/random.ts'
import type { HeadGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { relaxedHead, searchedHead } from '../../../../nas/spaces/auto-fpn/head.ts'
import { autoFpn } from '../../../../nas/spaces/auto-fpn/network.ts'
import { HEAD_OPERATORS } from '../../../../nas/spaces/auto-fpn/operators.ts'
import { autoFpnSpace } from '../../../../nas/spaces/auto-fpn/space.ts'
import { float32 } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { directionalDerivatives, evaluate } from '../../graph/check-op.ts'
import { engine, noise } from '../../nets/networks.ts'
import { cell, contextOf, genotypeOf, graphOf, headOf, layer, neckOf, oneHot } from './modules.ts'

const small = { channels: 8, batchNorm: false, classes: 2 }
const regions = [2, 3, 5, 5]
const outputs = ({ scores, deltas }: RegionPredictions): Record<string, Value> => ({ scores, deltas })
const graphOfHead = (head: HeadGenotype, options = small) =>
  graphOf({ regions }, (graph, x) => outputs(searchedHead(contextOf(graph), x!, head, options)))

describe('a head that was found', () => {
  const eight = cell({
    '0to0': 'conv_5x5',
    '1to0': 'conv_5x5',
    '0to1': 'conv_5x5',
    '1to1': 'conv_5x5',
    '2to1': 'conv_5x5',
    '2to2': 'conv_5x5',
    '3to2': 'conv_5x5',
    '3to3': 'conv_5x5',
    '4to3': 'identity',
  })
  const neck = neckOf(
    4,
    Array(16).fill('sep_conv_5x5').fill('dil_conv_3x3_r2', 0, 5).fill('identity', 9),
    layer(4, { '0to0': 'identity', '1to1': 'identity', '2to2': 'identity', '3to3': 'identity' }),
  )
  const counted = (classes: number) =>
    countDetector(
      autoFpn(genotypeOf({ neck, head: headOf(eight, eight) }), { network: 'resnet-50', width: 1 }, classes),
      [3, 64, 64],
    )

  test('of 16 convolutions of 5x5 has the published size of the one for COCO', () => {
    const { parameters, scopes } = counted(80)
    expect(scopes.head!.parameters).toBe(16 * 409_600 + 163_840 + 207_765)
    expect((scopes.head!.parameters / 1e6).toFixed(2)).toBe('6.93')
    expect((scopes.neck!.parameters / 1e6).toFixed(2)).toBe('1.61')
    expect((parameters / 1e6).toFixed(2)).toBe('32.64')
  })

  /** Tables 3 and 5: the architecture for COCO on other datasets. */
  test.each([
    ['VOC', 20, 6.77],
    ['BDD', 10, 6.75],
    ['Visual Genome', 1000, 9.29],
    ['ADE', 445, 7.86],
  ])('on %s, of %i classes, has its published size there', (_, classes, published) => {
    const { parameters } = counted(classes).scopes.head!
    expect(Math.abs(parameters / 1e6 - published)).toBeLessThan(0.01)
    expect(counted(80).scopes.head!.parameters - parameters).toBe(5 * 513 * (80 - classes))
  })

  test('takes multiply-adds in proportion to the regions', () => {
    const { multiplyAdds } = counted(80).scopes.head!
    expect(multiplyAdds).toBe(1000 * (49 * (16 * 409_600 + 163_840) + 5 * 81 * 512))
  })

  test('sums in its nodes, concatenates them, averages over all places', async () => {
    const head = headOf(
      cell({ '0to0': 'identity', '1to1': 'identity', '2to1': 'identity', '3to2': 'identity' }),
    )
    const graph = graphOf({ regions: [1, 1, 2, 2] }, (graph, x) =>
      outputs(searchedHead(contextOf(graph), x!, head, { channels: 4, batchNorm: false, classes: 1 })),
    )
    const { scores } = await evaluate(await engine, graph, {
      regions: float32([1, 1, 2, 2], [-8, 2, 4, 6]),
      'head/cell0/input0/weight': float32([1, 1, 1, 1], [1]),
      'head/cell0/input1/weight': float32([1, 1, 1, 1], [10]),
      // Of the nodes 3, 33, 33 and 0.
      'head/scores/weight': float32([2, 4], [1, 10, 100, 1000, 0, 0, 0, 1]),
      'head/scores/bias': float32([2], [0.5, 7]),
      'head/deltas/weight': float32([8, 4], Array(32).fill(0)),
      'head/deltas/bias': float32([8], Array(8).fill(0)),
    })
    expect([...scores!.data]).toEqual([3 + 330 + 3300 + 0.5, 7])
  })

  test('has no weights of a cell, or of an input, that nothing reads', () => {
    const names = (...cells: ReturnType<typeof cell>[]) =>
      [...graphOfHead(headOf(...cells)).parameters.keys()].filter((name) => name.includes('/cell'))
    // The second cell reads the regions alone.
    expect(names(cell({ '0to0': 'conv_3x3' }), cell({ '0to3': 'conv_3x3' }))).toEqual([
      'head/cell1/input0/weight',
      'head/cell1/node3/from0/conv_3x3/conv/weight',
    ])
    // The first cell is zero, so that only its other input is left of the second.
    expect(names(cell({ '2to1': 'conv_3x3' }), cell({ '0to0': 'sep_conv_3x3', '1to1': 'conv_5x5' }))).toEqual(
      [
        'head/cell1/input0/weight',
        'head/cell1/node0/from0/sep_conv_3x3/depthwise/weight',
        'head/cell1/node0/from0/sep_conv_3x3/pointwise/weight',
      ],
    )
  })

  test('without any link predicts the same for all regions', async () => {
    const graph = graphOfHead(headOf(cell({})))
    const { scores } = await evaluate(await engine, graph, {
      regions: noise(regions),
      ...initialise(graph.parameters, 1),
    })
    expect([...scores!.data].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('has normalisations only where it is asked for them', () => {
    const norms = (batchNorm: boolean) =>
      [...graphOfHead(headOf(eight), { ...small, batchNorm }).parameters.keys()].filter((name) =>
        name.endsWith('gamma'),
      )
    expect(norms(false)).toEqual([])
    expect(norms(true)).toHaveLength(8 + 2)
  })
})

describe('a head that is searched', () => {
  const relaxed = graphOf({ regions, beta0: [14, 8], beta1: [14, 8] }, (graph, x, ...beta) =>
    outputs(relaxedHead(contextOf(graph), x!, beta, small)),
  )
  const weights = initialise(relaxed.parameters, 1)

  test('is the head that is decoded where its weights choose that, with the same names', async () => {
    const space = autoFpnSpace({ neck: null, head: { cells: 2 } })
    for (const seed of [1, 2, 3]) {
      const head = space.sample(random(seed)).head!
      const decoded = graphOfHead(head)
      for (const name of decoded.parameters.keys()) expect(weights).toHaveProperty([name])
      const expected = await evaluate(await engine, decoded, { regions: noise(regions), ...weights })
      const found = await evaluate(await engine, relaxed, {
        regions: noise(regions),
        ...weights,
        beta0: oneHot(head.cells[0]!, HEAD_OPERATORS),
        beta1: oneHot(head.cells[1]!, HEAD_OPERATORS),
      })
      const scale = Math.max(...expected.scores!.data.map(Math.abs))
      expected.scores!.data.forEach((x, i) => {
        expect(Math.abs(found.scores!.data[i]! - x)).toBeLessThan(1e-4 * scale)
      })
    }
  })

  test('has seven operators a link, and no normalisation', () => {
    const names = [...relaxed.parameters.keys()].filter((name) => name.includes('/from'))
    expect(names).toHaveLength(2 * 14 * (4 * 2 + 2))
    expect(names.every((name) => name.endsWith('/weight'))).toBe(true)
  })

  test('has the gradient of finite differences by beta', async () => {
    const row = {
      title: 'relaxed head',
      inputs: {
        ...weights,
        // Initial ones are so small that rounding would show.
        'head/scores/weight': noise([3, 8], 5),
        'head/deltas/weight': noise([12, 8], 6),
        regions: noise(regions),
        beta0: noise([14, 8], 3),
        beta1: noise([14, 8], 4),
      },
      wrt: ['beta0', 'beta1'],
      // Small, as ReLU has a kink.
      step: 1e-3,
      build: (graph: GraphBuilder, ...values: Value[]) => {
        const [x, ...beta] = values.slice(-3)
        const softmaxes = beta.map((each) => softmax(graph, each, 1))
        return Object.values(outputs(relaxedHead(contextOf(graph), x!, softmaxes, small)))
      },
    }
    for (const { numeric, analytic, scale } of await directionalDerivatives(await engine, row))
      expect(Math.abs(numeric - analytic)).toBeLessThan(1e-2 * scale)
  })
})
