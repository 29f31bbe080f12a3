import { describe, expect, it } from 'vitest'
import { cost } from '../../../../nas/graph/cost.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'
import { fromNetConfig } from '../../../../nas/spaces/densenas/net-config.ts'
import { denseNas } from '../../../../nas/spaces/densenas/network.ts'
import { graphOf, noise, outputShape, run } from '../../nets/networks.ts'

const graphFor = (
  netConfig: string,
  image: readonly number[],
  mode: 'training' | 'evaluation' = 'evaluation',
) => graphOf((context, x) => denseNas(context, x, fromNetConfig(netConfig), { classes: 10 }), image, mode)

const additions = (netConfig: string, size: number) =>
  graphFor(netConfig, [1, 3, size, size]).nodes.filter(
    ({ op, scope }) => op.name === 'add' && /^backbone\/block\d+\/layer\d+$/.test(scope),
  ).length

describe('a derived network', () => {
  it('gives logits, in training and in evaluation', async () => {
    const net =
      "[[8, 8], 'mbconv_k3_t1', [], 0, 1]|[[8, 16], 'mbconv_k5_t3', ['mbconv_k7_t3'], 1, 2]|[[16, 32], 'conv1_1']"
    const image = [2, 3, 32, 32]
    for (const mode of ['training', 'evaluation'] as const) {
      const { output } = await run(graphFor(net, image, mode), { input: noise(image) })
      expect(output.shape).toEqual([2, 10])
      expect(output.data.every(Number.isFinite)).toBe(true)
    }
  })

  it('has the convolution of the published networks last', () => {
    const graph = graphOf(
      (context, x) => denseNas(context, x, KNOWN_DENSENAS['densenas-c'], { classes: 1000 }),
      [1, 3, 224, 224],
      'evaluation',
    )
    expect(outputShape(graph)).toEqual([1, 1000])
    expect(graph.parameters.get('backbone/last/weight')!.parameter.shape).toEqual([1984, 384, 1, 1])
  })

  it('adds input and output exactly where their shapes are equal', () => {
    expect(additions("[[8, 8], 'mbconv_k3_t1', [], 0, 1]", 32)).toBe(1)
    expect(additions("[[8, 8], 'mbconv_k3_t3', [], 0, 2]", 32)).toBe(0)
    expect(additions("[[8, 16], 'mbconv_k3_t3', [], 0, 1]", 32)).toBe(0)
    // A map of one pixel keeps its shape at any stride.
    expect(additions("[[8, 8], 'mbconv_k3_t3', [], 0, 2]", 2)).toBe(1)
  })

  // Weights by hand: stem, 3x3 and 3x3 with a 1x1 shortcut, 3x3 and 3x3 without one.
  it('of basic blocks has shortcuts where shapes change', () => {
    const { convolutionWeights } = cost(
      graphFor("[[32, 64], 'basic_block', ['basic_block'], 1, 2]", [1, 3, 32, 32]),
    )
    expect(convolutionWeights).toBe(27 * 32 + (9 * 32 * 64 + 9 * 64 * 64 + 32 * 64) + 2 * 9 * 64 * 64)
  })

  it('of bottlenecks is four times as wide as its entries say, from the first on', () => {
    const net = "[[32, 16], 'bottle_neck', ['bottle_neck'], 1, 2]|[[16, 24], 'bottle_neck', [], 0, 1]"
    const graph = graphFor(net, [1, 3, 32, 32])
    expect(cost(graph).convolutionWeights).toBe(
      27 * 32 +
        (32 * 16 + 9 * 16 * 16 + 16 * 64 + 32 * 64) +
        (64 * 16 + 9 * 16 * 16 + 16 * 64) +
        (64 * 24 + 9 * 24 * 24 + 24 * 96 + 64 * 96),
    )
    expect(graph.parameters.get('classifier/weight')!.parameter.shape).toEqual([10, 96])
  })
})
