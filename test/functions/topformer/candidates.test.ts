import { describe, expect, it } from 'vitest'
import { candidatesOf } from '../../../functions/topformer/candidates.ts'
import { recordOf } from '../../../local/simulator/scenario.ts'
import { runOf } from '../../../nas/pipelines/run.ts'
import { spaceOf } from '../../../nas/pipelines/topformer/config.ts'
import { topformer } from '../../../nas/pipelines/topformer/index.ts'
import { taskOf } from '../../../nas/pipelines/topformer/latency.ts'
import { searchesOf } from '../../../nas/pipelines/topformer/searches.ts'
import { random } from '../../../nas/random.ts'
import { limitedCost } from '../../../nas/spaces/topformer/limit.ts'
import { partGraphs } from '../../../nas/spaces/topformer/part-graphs.ts'
import { tokenWidths } from '../../../nas/spaces/topformer/parts.ts'
import { scaledCost } from '../../../nas/spaces/topformer/scaled.ts'
import { sample, type TopformerSpace } from '../../../nas/spaces/topformer/space.ts'

/** Parts take anything: their sums follow no other cost. */
const latencies = (space: TopformerSpace) => ({
  tokens: tokenWidths(space),
  parts: Object.fromEntries(
    [...partGraphs(space, { size: [128, 256], classes: 2, attentionScale: false }).keys()].map((part) => [
      part,
      0.1 + random(0, part).uniform(),
    ]),
  ),
})

describe.each(['multiplyAdds', 'flops', 'parameters', 'latency'] as const)(
  'baselines below a limit of %s',
  (of) => {
    const limit = { of, most: [1e9] }
    const record = runOf(
      recordOf({
        pipeline: 'topformer',
        dataset: { kind: 'street' },
        search: { limit },
        baselines: { random: 4 },
      }),
      topformer,
    )
    const space = spaceOf(record.config)
    const task = { ...taskOf(record), latencies: latencies(space) }
    const genotype = sample(space, random(2, 'found'))
    const [search] = searchesOf(record, task)
    const networks = candidatesOf(record, [{ search: search!, genotype, score: 0.5 }], task, true)

    it('cost about as much of that as what was found', () => {
      const wanted = limitedCost(genotype, of, task)
      const drawn = networks.filter(({ role }) => role === 'random')
      expect(drawn.length).toBe(4)
      for (const { network } of drawn) {
        const cost = network.kind === 'genotype' ? limitedCost(network.genotype, of, task) : 0
        expect(Math.abs(cost / wanted - 1)).toBeLessThanOrEqual(0.05)
      }
      const scaled = networks.find(({ role }) => role === 'topformer')!.network
      // Widths are multiples of 8, and what TopFormer takes is not known.
      const counted = of === 'latency' ? 'multiplyAdds' : of
      const ratio =
        scaledCost((scaled as { width: number }).width, task)[counted] / limitedCost(genotype, counted, task)
      expect(Math.abs(ratio - 1)).toBeLessThan(0.2)
    })

    it('say nothing of a pretraining that there is none of', () => {
      expect(networks.some((network) => 'pretrained' in network)).toBe(false)
    })
  },
)
