import { describe, expect, test } from 'vitest'
import { random } from '../../../nas/random.ts'
import {
  blockOf,
  type Descent,
  descend,
  sampleBlock,
  startDescent,
} from '../../../nas/search/coordinate-descent.ts'
import { costOf } from '../../../nas/spaces/topformer/cost.ts'
import { limitedSpace } from '../../../nas/spaces/topformer/genes.ts'
import type { TopformerGenotype } from '../../../nas/spaces/topformer/genotype.ts'
import { choicesOf, numbersOf } from '../../../nas/spaces/topformer/numbers.ts'
import { TOPFORMER_SPACES } from '../../../nas/spaces/topformer/presets.ts'
import { genotypeKey, largest, smallest } from '../../../nas/spaces/topformer/space.ts'

const space = TOPFORMER_SPACES['topformer-street']
const task = { size: [128, 256], classes: 6 } as const
const middle = (costOf(smallest(space), task).multiplyAdds + costOf(largest(space), task).multiplyAdds) / 2
const networks = limitedSpace(space, { of: 'multiplyAdds', most: middle }, task)

/** Prefers high numbers of the CNN and low ones of the ViT, so that the best network is known. */
const CNN_NUMBERS = 1 + 4 * 5
const score = (genotype: TopformerGenotype): number => {
  const choices = choicesOf(space)
  const places = numbersOf(genotype).map((number, i) => {
    const list: readonly number[] = choices[i]!.choices
    const place = list.length > 1 ? list.indexOf(number) / (list.length - 1) : 0
    return i < CNN_NUMBERS ? place : 1 - place
  })
  return places.reduce((sum, place) => sum + place, 0) / places.length
}
const rated = (candidates: readonly TopformerGenotype[]) =>
  candidates.map((genotype) => ({ genotype, score: score(genotype) }))

function search(
  seed: number,
  halfSteps: number,
  keepIncumbent: boolean,
): readonly Descent<TopformerGenotype>[] {
  const descents = [startDescent(networks, random(seed, 'start'))]
  for (let n = 0; n < halfSteps; n++) {
    const candidates = sampleBlock(
      networks,
      descents.at(-1)!,
      blockOf(networks, n),
      20,
      random(seed, 'step', n),
    )
    descents.push(descend(descents.at(-1)!, rated(candidates), keepIncumbent))
  }
  return descents
}

describe('a step', () => {
  const descent = startDescent(networks, random(1, 'start'))

  test.each(['vit', 'cnn'] as const)('samples the %s alone, each time another, within the limit', (half) => {
    const candidates = sampleBlock(networks, descent, half, 50, random(1, half))
    expect(new Set(candidates.map(genotypeKey)).size).toBe(50)
    const fixed = ({ transformers, ...cnn }: TopformerGenotype) => (half === 'vit' ? cnn : transformers)
    for (const candidate of candidates) {
      expect(fixed(candidate)).toEqual(fixed(descent.incumbent))
      expect(costOf(candidate, task).multiplyAdds).toBeLessThan(middle)
    }
  })

  test('has fewer candidates where there are no more, and none twice', () => {
    const one = { heads: [2], keyDim: [8], attentionRatio: [2], mlpRatio: [2], depth: [1] }
    const few = limitedSpace(
      { ...space, transformers: [{ ...one, depth: [1, 2] }, one, one, one] },
      { of: 'multiplyAdds', most: middle },
      task,
    )
    expect(sampleBlock(few, startDescent(few, random(1, 'start')), 'vit', 10, random(1))).toHaveLength(2)
  })
})

test('halves alternate, the ViT first', () => {
  expect([0, 1, 2, 3].map((step) => blockOf(networks, step))).toEqual(['vit', 'cnn', 'vit', 'cnn'])
})

test('the best candidate is fixed next; a kept incumbent stays while it is better', () => {
  const [worse, better] = [smallest(space), largest(space)]
  const descent = { incumbent: better, score: 0.9 }
  const results = [
    { genotype: worse, score: 0.5 },
    { genotype: better, score: undefined },
  ]
  expect(descend(descent, results, false)).toEqual({ incumbent: worse, score: 0.5 })
  expect(descend(descent, results, true)).toEqual(descent)
  expect(descend(descent, [{ genotype: worse, score: undefined }], false)).toEqual(descent)
  expect(descend({ ...descent, score: null }, results, true).score).toBe(0.5)
})

test('with a kept incumbent the score never falls, and the search improves on random networks as many', () => {
  const wins = [1, 2, 3, 4, 5].filter((seed) => {
    const scores = search(seed, 10, true)
      .slice(1)
      .map(({ score }) => score!)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    const randomly = Array.from({ length: 200 }, (_, i) =>
      score(startDescent(networks, random(seed, 'random', i)).incumbent),
    )
    return scores.at(-1)! > Math.max(...randomly)
  })
  expect(wins).toEqual([1, 2, 3, 4, 5])
})

test('equal seeds give equal searches, whatever number of half-steps are made at once', () => {
  expect(search(3, 6, false).slice(0, 5)).toEqual(search(3, 4, false))
  expect(search(3, 4, false)).not.toEqual(search(4, 4, false))
})

test('a limit that no network is within is refused', () => {
  const impossible = limitedSpace(space, { of: 'multiplyAdds', most: 1000 }, task)
  expect(() => startDescent(impossible, random(1))).toThrow(
    /no network of the space has less than 1,000 multiply-adds: its smallest has [\d,]+$/,
  )
})
