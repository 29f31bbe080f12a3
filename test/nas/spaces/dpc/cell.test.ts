import { describe, expect, test } from 'vitest'
import type { Graph } from '../../../../nas/graph/graph.ts'
import type { Network } from '../../../../nas/nets/layers.ts'
import { buildCell, type CellOptions } from '../../../../nas/spaces/dpc/cell.ts'
import type { DpcBranch, DpcGenotype, DpcOperation } from '../../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import type { Tensor, Tensors } from '../../../../nas/tensor.ts'
import { initialise } from '../../../../nas/training/initialise.ts'
import { dropoutNoise } from '../../../../nas/training/noise.ts'
import { graphOf, noise, outputShape, run } from '../../nets/networks.ts'

type PyramidPooling = Extract<DpcOperation, { kind: 'pyramid-pooling' }>

const options: CellOptions = { filters: 256, pyramidPooling: 'grid', rateMultiplier: 1 }

const cellOf = (...branches: readonly DpcBranch[]): DpcGenotype => ({ space: 'dpc', version: 1, branches })

const cell =
  (genotype: DpcGenotype, changed: Partial<CellOptions> = {}): Network =>
  (context, features) =>
    buildCell(context, features, genotype, { ...options, ...changed })

const attributesOf = (graph: Graph, name: string) =>
  graph.nodes.filter(({ op }) => op.name === name).map(({ attributes }) => attributes)

/** The configuration of the released code's own unit test. */
const unitTest = cellOf(
  { input: -1, operation: { kind: 'conv1x1' } },
  { input: 0, operation: { kind: 'atrous', rate: [1, 3] } },
  { input: 1, operation: { kind: 'pyramid-pooling', grid: [1, 2] } },
)

describe('the shape of a cell', () => {
  test.each(['grid', 'sliding'] as const)(
    "the released code's unit test builds with %s pooling: 2x33x33x5 at output stride 8 to 2x33x33x256",
    (pyramidPooling) => {
      const graph = graphOf(
        cell(unitTest, { pyramidPooling, rateMultiplier: 2 }),
        [2, 5, 33, 33],
        'evaluation',
      )
      expect(outputShape(graph)).toEqual([2, 256, 33, 33])
      expect(attributesOf(graph, 'conv2d')).toContainEqual(expect.objectContaining({ dilation: [2, 6] }))
    },
  )

  test('weights carry the names and shapes of their place: depthwise filters at the full depth of their input', () => {
    const { parameters } = graphOf(cell(unitTest), [2, 5, 33, 33], 'evaluation')
    const weights = [...parameters.values()].filter(({ parameter }) => parameter.role === 'weight')
    expect(weights.map(({ parameter }) => [parameter.name, parameter.shape])).toEqual([
      ['cell/branch0/pointwise/weight', [256, 5, 1, 1]],
      ['cell/branch1/depthwise/weight', [256, 1, 3, 3]],
      ['cell/branch1/pointwise/weight', [256, 256, 1, 1]],
      ['cell/branch2/pointwise/weight', [256, 256, 1, 1]],
      ['cell/projection/weight', [256, 768, 1, 1]],
    ])
    expect(weights[1]!.parameter).toMatchObject({
      decayed: false,
      initialiser: { kind: 'truncated-normal', deviation: 0.33 },
    })
    expect(weights[2]!.parameter).toMatchObject({
      decayed: true,
      initialiser: { kind: 'truncated-normal', deviation: 0.06 },
    })
  })

  test.each([0, 0.5, 1.5, -1])('a rate multiplier of %f is refused', (rateMultiplier) => {
    expect(() => graphOf(cell(unitTest, { rateMultiplier }), [2, 5, 33, 33], 'evaluation')).toThrow(
      expect.objectContaining({ code: 'invalid-config' }),
    )
  })
})

describe('pyramid pooling', () => {
  const pooling = (grid: PyramidPooling['grid']) =>
    cellOf({ input: -1, operation: { kind: 'pyramid-pooling', grid } })

  test.each([
    { crop: [257, 257], grid: [1, 1], kernel: [17, 17] },
    { crop: [513, 513], grid: [4, 2], kernel: [9, 17] },
    { crop: [769, 769], grid: [8, 8], kernel: [7, 7] },
    { crop: [1025, 2049], grid: [8, 1], kernel: [9, 129] },
    { crop: [256, 320], grid: [2, 4], kernel: [8, 5] },
  ] satisfies {
    crop: [number, number]
    grid: PyramidPooling['grid']
    kernel: [number, number]
  }[])("the window slides with the size of the released code's: crop $crop, grid $grid", (row) => {
    const scaled = (side: number, stride: number) => Math.trunc((side - 1) / stride + 1)
    expect(row.crop.map((side, axis) => scaled(side, 16 * row.grid[axis]!))).toEqual(row.kernel)
    const [height, width] = row.crop.map((side) => scaled(side, 16)) as [number, number]
    const graph = graphOf(
      cell(pooling(row.grid), { pyramidPooling: 'sliding' }),
      [1, 2, height, width],
      'evaluation',
    )
    const [pooled] = graph.nodes.filter(({ op }) => op.name === 'sliding-pool')
    const windows = [height - row.kernel[0] + 1, width - row.kernel[1] + 1]
    expect(pooled!.outputs[0]!.type.shape).toEqual([1, 2, ...windows])
    expect(outputShape(graph)).toEqual([1, 256, height, width])
  })

  test('both readings are one for 1x1 and differ for 2x2', async () => {
    const shape = [1, 3, 7, 9]
    const input = noise(shape)
    const outputs = (genotype: DpcGenotype) =>
      Promise.all(
        (['grid', 'sliding'] as const).map(async (pyramidPooling) => {
          const graph = graphOf(cell(genotype, { pyramidPooling, filters: 16 }), shape, 'evaluation')
          return [...(await run(graph, { input })).output.data]
        }),
      )
    const [grid, sliding] = await outputs(pooling([1, 1]))
    grid!.forEach((y, i) => {
      expect(y).toBeCloseTo(sliding![i]!, 5)
    })
    const [otherGrid, otherSliding] = await outputs(pooling([2, 2]))
    expect(Math.max(...otherGrid!.map((y, i) => Math.abs(y - otherSliding![i]!)))).toBeGreaterThan(1e-3)
  })

  test('a grid finer than the map still gives a map of the same size', async () => {
    const shape = [1, 3, 5, 3]
    for (const pyramidPooling of ['grid', 'sliding'] as const) {
      const graph = graphOf(cell(pooling([8, 8]), { pyramidPooling, filters: 4 }), shape, 'evaluation')
      expect((await run(graph, { input: noise(shape) })).output.shape).toEqual([1, 4, 5, 3])
    }
  })
})

test('a cell computes what its genotype says', async () => {
  const genotype = cellOf(
    { input: -1, operation: { kind: 'atrous', rate: [1, 6] } },
    { input: 0, operation: { kind: 'conv1x1' } },
    { input: -1, operation: { kind: 'pyramid-pooling', grid: [1, 1] } },
    { input: 1, operation: { kind: 'atrous', rate: [3, 1] } },
  )
  const shape = [1, 3, 8, 15]
  const graph = graphOf(cell(genotype, { filters: 4, rateMultiplier: 2 }), shape, 'evaluation')
  const drawn = initialise(graph.parameters, 5)
  const weights = Object.fromEntries(
    Object.entries(drawn).map(([name, tensor], i) => [
      name,
      name.endsWith('weight') || name.endsWith('variance') ? tensor : noise(tensor.shape, i),
    ]),
  )
  const input = noise(shape)
  const { output } = await run(graph, { input }, weights)

  const features = maps(input)
  const first = point(atrous(features, weights, 'cell/branch0', [2, 12]), weights, 'cell/branch0/pointwise')
  const second = point(first, weights, 'cell/branch1/pointwise')
  const means = features.map((map) => {
    const mean = map.flat().reduce((sum, x) => sum + x, 0) / map.flat().length
    return map.map((row) => row.map(() => mean))
  })
  const third = point(means, weights, 'cell/branch2/pointwise')
  const fourth = point(atrous(second, weights, 'cell/branch3', [6, 2]), weights, 'cell/branch3/pointwise')
  const expected = point([...first, ...second, ...third, ...fourth], weights, 'cell/projection').flat(2)
  expect(output.data.length).toBe(expected.length)
  output.data.forEach((y, i) => {
    expect(y).toBeCloseTo(expected[i]!, 4)
  })
})

describe('training', () => {
  const shape = [2, 3, 5, 9]
  const genotype = KNOWN_CELLS['dpc-top1']
  const graph = graphOf(cell(genotype, { filters: 4 }), shape, 'training')
  const run1 = (oneIn: number) => {
    const drawn = dropoutNoise({ shape: [2, 20, 5, 9], oneIn, seed: 1, step: 0 })
    return run(graph, { input: noise(shape), ...drawn })
  }

  test('takes the noise of dropout on the concatenation of all branches', async () => {
    expect(graph.inputs.get('channelNoise')!.type).toEqual({ dtype: 'int32', shape: [2, 20, 1, 1] })
    expect(graph.inputs.get('positionNoise')!.type).toEqual({ dtype: 'int32', shape: [2, 1, 5, 9] })
    const { output } = await run1(10)
    expect(output.shape).toEqual([2, 4, 5, 9])
    expect(output.data.every(Number.isFinite)).toBe(true)
  })

  test('dropping everything leaves the projection nothing: batch normalisation gives its shift, 0', async () => {
    const { output } = await run1(1)
    expect(Math.max(...output.data.map(Math.abs))).toBeLessThan(1e-6)
  })

  test('moves the running statistics of every normalisation, each by its own', async () => {
    const { state } = await run1(10)
    const means = Object.keys(state).filter((name) => name.endsWith('/mean'))
    expect(means).toHaveLength(11)
    expect(new Set(means.map((name) => [...state[name]!.data].join())).size).toBe(11)
  })

  test('evaluation needs no noise', () => {
    expect([...graphOf(cell(genotype), shape, 'evaluation').inputs.keys()]).toEqual(['input'])
  })
})

const EPSILON = 1e-5

/** One image's channels, as rows of numbers. */
type Maps = readonly (readonly (readonly number[])[])[]

const maps = ({ shape: [, c, h, w], data }: Tensor): Maps =>
  Array.from({ length: c! }, (_, k) =>
    Array.from({ length: h! }, (_, y) => [...data.slice((k * h! + y) * w!, (k * h! + y + 1) * w!)]),
  )

/** Batch normalisation by running statistics, then ReLU. */
function activate(x: Maps, weights: Tensors, scope: string): Maps {
  const of = (name: string, k: number) => weights[`${scope}/${name}`]!.data[k]!
  return x.map((map, k) =>
    map.map((row) =>
      row.map((value) => {
        const normalised = (value - of('mean', k)) / Math.sqrt(of('variance', k) + EPSILON)
        return Math.max(0, normalised * of('gamma', k) + of('beta', k))
      }),
    ),
  )
}

function point(x: Maps, weights: Tensors, scope: string): Maps {
  const { shape, data } = weights[`${scope}/weight`]!
  const mixed = Array.from({ length: shape[0]! }, (_, k) =>
    x[0]!.map((row, y) =>
      row.map((_, at) => x.reduce((sum, map, c) => sum + data[k * x.length + c]! * map[y]![at]!, 0)),
    ),
  )
  return activate(mixed, weights, scope)
}

function atrous(x: Maps, weights: Tensors, branch: string, [down, across]: readonly [number, number]): Maps {
  const { data } = weights[`${branch}/depthwise/weight`]!
  const taps = [-1, 0, 1].flatMap((i) => [-1, 0, 1].map((j) => [i, j] as const))
  const filtered = x.map((map, c) =>
    map.map((row, y) =>
      row.map((_, at) =>
        taps.reduce(
          (sum, [i, j], tap) => sum + data[9 * c + tap]! * (map[y + i * down]?.[at + j * across] ?? 0),
          0,
        ),
      ),
    ),
  )
  return activate(filtered, weights, `${branch}/depthwise`)
}
