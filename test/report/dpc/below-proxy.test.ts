import { expect, it } from 'vitest'
import { notes } from '../../../report/dpc/notes.ts'
import { sample } from './sample.ts'

const words = (score: number): string => {
  const { rerank } = sample(48)
  const { winner } = rerank!
  return notes(sample(48, { rerank: { ...rerank!, winner: { ...winner, score } } }))
    .map(({ text }) => text)
    .join(' ')
}

it('is told of a winner that full training scores below its proxy score, and of no other', () => {
  const { score } = sample(48).rerank!.winner.proxy
  expect(words(score - 0.01)).toContain('below its proxy score')
  expect(words(score + 0.01)).not.toContain('below its proxy score')
})
