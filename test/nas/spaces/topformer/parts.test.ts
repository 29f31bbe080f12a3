import { expect, it } from 'vitest'
import { cost } from '../../../../nas/graph/cost.ts'
import { random } from '../../../../nas/random.ts'
import { costOf } from '../../../../nas/spaces/topformer/cost.ts'
import { partGraphs } from '../../../../nas/spaces/topformer/part-graphs.ts'
import { latencyOf, tokenWidths } from '../../../../nas/spaces/topformer/parts.ts'
import { largest, sample, smallest, type TopformerSpace } from '../../../../nas/spaces/topformer/space.ts'
import { TINY_SPACE } from './tiny-space.ts'

const task = { size: [97, 129], classes: 5 } as const

/** The multiply-adds of parts in place of their latencies: those of whole networks are counted otherwise. */
const countsOf = (space: TopformerSpace) => ({
  tokens: tokenWidths(space),
  parts: Object.fromEntries(
    [...partGraphs(space, { ...task, attentionScale: false })].map(([part, graph]) => [
      part,
      cost(graph).multiplyAdds,
    ]),
  ),
})

const oneWidth: TopformerSpace = {
  ...TINY_SPACE,
  convolutions: TINY_SPACE.convolutions.map((stage) => ({ ...stage, width: stage.width.slice(0, 1) })),
}

it('the parts of a network are all of it', () => {
  const counts = countsOf(oneWidth)
  const rng = random(1, 'networks')
  for (let i = 0; i < 20; i++) {
    const network = sample(oneWidth, rng)
    expect(latencyOf(network, counts)).toBeCloseTo(costOf(network, task).multiplyAdds, 3)
  }
})

it('tokens between the narrowest and the widest are interpolated', () => {
  const counts = countsOf(TINY_SPACE)
  for (const network of [smallest(TINY_SPACE), largest(TINY_SPACE)])
    expect(latencyOf(network, counts)).toBeCloseTo(costOf(network, task).multiplyAdds, 3)
  const rng = random(2, 'networks')
  for (let i = 0; i < 20; i++) {
    const network = sample(TINY_SPACE, rng)
    const { multiplyAdds } = costOf(network, task)
    expect(Math.abs(latencyOf(network, counts) / multiplyAdds - 1)).toBeLessThan(0.02)
  }
})
