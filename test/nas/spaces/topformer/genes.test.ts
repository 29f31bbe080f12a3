import { expect, test } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { createStrategy } from '../../../../nas/search/strategy.ts'
import { costOf } from '../../../../nas/spaces/topformer/cost.ts'
import { limitedSpace } from '../../../../nas/spaces/topformer/genes.ts'
import { numbersOf } from '../../../../nas/spaces/topformer/numbers.ts'
import { TOPFORMER_SPACES } from '../../../../nas/spaces/topformer/presets.ts'
import { whyOutside } from '../../../../nas/spaces/topformer/space.ts'

const space = TOPFORMER_SPACES['topformer-base']
const task = { size: [512, 512], classes: 150 } as const
const limit = { of: 'flops', most: 1.8e9 } as const
const networks = limitedSpace(space, limit, task)

test('a mutation changes so many numbers, and stays in the space and within the limit', () => {
  const rng = random(1, 'mutate')
  let genotype = networks.sample(rng)
  for (const genes of [1, 1, 2, 3, 1]) {
    const mutated = networks.mutate(genotype, rng, genes)
    const [before, after] = [numbersOf(genotype), numbersOf(mutated)]
    expect(before.filter((number, i) => number !== after[i])).toHaveLength(genes)
    expect(whyOutside(space, mutated)).toBeUndefined()
    expect(costOf(mutated, task).flops).toBeLessThan(1.8e9)
    genotype = mutated
  }
})

test.each(['random', 'evolution'] as const)(
  '%s search proposes networks within the limit, none twice',
  (kind) => {
    const strategy = createStrategy(
      kind === 'random' ? { kind } : { kind, population: 10, tournament: 3 },
      networks,
    )
    const { candidates } = strategy.propose(strategy.start, [], 30, random(2, kind))
    expect(new Set(candidates.map(networks.key)).size).toBe(30)
    for (const candidate of candidates) expect(costOf(candidate, task).flops).toBeLessThan(1.8e9)
  },
)
