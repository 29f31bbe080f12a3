import fc from 'fast-check'
import { expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { costAndGradient } from '../../../../nas/spaces/densenas/cost-gradient.ts'
import { chainedCost, summedCost } from '../../../../nas/spaces/densenas/expected-cost.ts'
import { type Relaxation, relax } from '../../../../nas/spaces/densenas/relaxation.ts'
import { parametersOf, smallSpace } from './parameters.ts'

/** All numbers of a relaxation, and what they are after one of them has changed. */
const numbersOf = ({ paths, head, stack }: Relaxation) => [paths, head, stack].flat(3)

it.each([
  ['summed', summedCost],
  ['chained', chainedCost],
] as const)('the %s cost and its slopes are those of finite differences', (estimate, costOf) => {
  fc.assert(
    fc.property(smallSpace, fc.integer(), (space, seed) => {
      const rng = random(seed)
      const relaxation = relax(parametersOf(space, rng.normal))
      const costs = { fixed: rng.uniform(), ...parametersOf(space, rng.uniform) }
      const { cost, gradient } = costAndGradient(space, relaxation, costs, estimate)
      expect(cost).toBeCloseTo(costOf(space, relaxation, costs), 10)

      // Both are of the first degree in every single number.
      const changed = (index: number, by: number): Relaxation => {
        let next = 0
        const change = (value: number) => (next++ === index ? value + by : value)
        return {
          paths: relaxation.paths.map((path) => path.map(change)),
          head: relaxation.head.map((layers) => layers.map((layer) => layer.map(change))),
          stack: relaxation.stack.map((layers) => layers.map((layer) => layer.map(change))),
        }
      }
      for (const [i, slope] of numbersOf(gradient).entries()) {
        const [above, below] = [0.5, -0.5].map((by) => costOf(space, changed(i, by), costs))
        expect(slope).toBeCloseTo(above! - below!, 8)
      }
    }),
    { numRuns: 30 },
  )
})
