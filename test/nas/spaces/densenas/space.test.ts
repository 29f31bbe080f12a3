import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { blocksOf, type DenseNasSpace, spaceSize } from '../../../../nas/spaces/densenas/space.ts'
import { pathsOf, smallSpace } from './parameters.ts'

/** The released imagenet_search_cfg_resnet.yaml. */
const RESNET: DenseNasSpace = {
  operations: ['basic_block'],
  stages: [
    { stride: 2, widths: [32], layers: 0 },
    { stride: 4, widths: [48, 56, 64], layers: 0 },
    { stride: 8, widths: [72, 96, 112], layers: 5 },
    { stride: 16, widths: [128, 144, 160, 176], layers: 15 },
    { stride: 16, widths: [192, 208, 224], layers: 5 },
    { stride: 32, widths: [240, 256, 272, 288], layers: 5 },
    { stride: 32, widths: [480, 496, 512], layers: 1 },
  ],
  reach: 10,
  last: 512,
}

describe('the released spaces', () => {
  it.each([
    ['MobileNetV2-like', DENSENAS_SPACES['densenas-mobilenet-v2'], 54n, 15_456n, 4.08646e45],
    ['ResNet-like', RESNET, 87n, 540_225n, 3.2139e35],
  ] as const)(
    'the %s has the connections, paths and encodings of the facts',
    (_, space, connections, paths, encodings) => {
      const size = spaceSize(space)
      expect(size).toMatchObject({ connections, paths })
      expect(Number(size.encodings) / encodings).toBeCloseTo(1, 4)
    },
  )

  it('have the head layers that the released latency table was measured for', () => {
    const blocks = blocksOf(DENSENAS_SPACES['densenas-mobilenet-v2'])
    expect(blocks.map(({ inputs }) => inputs.length)).toEqual([
      0, 1, 1, 2, 3, 3, 4, 4, 3, 4, 4, 3, 4, 4, 3, 4, 4, 3,
    ])
  })

  it('hold the path of the published network of each', () => {
    const holds = (space: DenseNasSpace, widths: readonly number[]) => {
      const blocks = blocksOf(space)
      const path = widths.map((width) => blocks.findIndex((block) => block.width === width))
      return path.slice(1).every((to, step) => blocks[path[step]!]!.outputs.includes(to))
    }
    const { 'densenas-v1': v1, 'densenas-mobilenet-v2': released } = DENSENAS_SPACES
    expect(holds(v1, [16, 24, 48, 80, 112, 160, 352, 416, 480, 1728])).toBe(true)
    expect(holds(released, [16, 24, 48, 72, 128, 160, 176, 384, 1984])).toBe(true)
    expect(holds(released, [16, 24, 48, 72, 128, 160, 176, 1984])).toBe(false)
  })
})

describe('a space', () => {
  it.each(Object.entries(DENSENAS_SPACES))('%s has no dead end, and its widths increase', (_, space) => {
    const blocks = blocksOf(space)
    for (const [i, { width, inputs, outputs }] of blocks.entries()) {
      expect(inputs.length > 0).toBe(i > 0)
      expect(outputs.length > 0).toBe(i < blocks.length - 1)
      if (i > 0) expect(width).toBeGreaterThan(blocks[i - 1]!.width)
    }
  })

  it('connects blocks no further apart than m, than a stage, than a factor of two', () => {
    const space: DenseNasSpace = {
      operations: ['mbconv_k3_t3'],
      stages: [
        { stride: 2, widths: [8], layers: 0 },
        { stride: 2, widths: [16], layers: 0 },
        { stride: 8, widths: [24, 32, 40], layers: 0 },
        { stride: 8, widths: [48], layers: 0 },
        { stride: 16, widths: [56], layers: 0 },
      ],
      reach: 2,
      last: 64,
    }
    expect(blocksOf(space).map(({ inputs }) => inputs)).toEqual([[], [0], [], [2], [3, 2], [4, 3], [5], [6]])
  })

  it('has as many paths and encodings as can be listed', () => {
    fc.assert(
      fc.property(smallSpace, (space) => {
        const blocks = blocksOf(space)
        const paths = pathsOf(space)
        const encodings = paths.map((path) =>
          path.slice(1, -1).reduce((product, i) => {
            const candidates = space.operations.length
            return product * candidates * (candidates + 1) ** blocks[i]!.layers
          }, 1),
        )
        expect(spaceSize(space)).toEqual({
          connections: BigInt(
            new Set(blocks.flatMap(({ inputs }, j) => inputs.map((i) => `${i}-${j}`))).size,
          ),
          paths: BigInt(paths.length),
          encodings: encodings.reduce((sum, each) => sum + BigInt(each), 0n),
        })
      }),
    )
  })
})
