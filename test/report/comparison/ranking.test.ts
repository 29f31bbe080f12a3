import { describe, expect, it } from 'vitest'
import { leadInWords } from '../../../report/comparison/leads.ts'
import { rank } from '../../../report/comparison/ranking.ts'
import { detector, NAMES, ranked } from './sample.ts'

describe('rank', () => {
  it('puts the best mean first and failures last, whatever their other seeds reach', () => {
    const { candidates } = ranked(
      detector('elite', [0.4, 0.42]),
      detector('fpn', [0.9, null]),
      detector('random', [0.3, 0.31]),
      detector('elite', [0.44, 0.3]),
    )
    expect(candidates.map(({ name, score }) => [name, score === null])).toEqual([
      ['elite 1', false],
      ['elite 2', false],
      ['random 1', false],
      ['FPN', true],
    ])
  })

  it('numbers candidates within their role, in the order in which they were chosen', () => {
    const { candidates } = ranked(
      detector('elite', [0.1]),
      detector('random', [0.2]),
      detector('elite', [0.3]),
      detector('random', [0.4]),
    )
    expect(candidates.map(({ name }) => name)).toEqual(['random 2', 'elite 2', 'random 1', 'elite 1'])
  })

  it('tells the winner by its trial, baselines by their role', () => {
    const { candidates, winner } = ranked(
      detector('elite', [0.5]),
      detector('elite', [0.6]),
      detector('fpn', [0.7]),
    )
    expect(candidates.map(({ kind }) => kind)).toEqual(['baseline', 'found', 'winner'])
    expect(winner).toBe(candidates[2])
  })

  it('takes a baseline that is the very network of the winner for a baseline', () => {
    const found = detector('elite', [0.7])
    const same = { ...detector('random', [0.7]), trials: found.trials }
    const { candidates, winner, baselines } = ranked(found, same)
    expect(candidates.map(({ kind }) => kind)).toEqual(['winner', 'baseline'])
    expect(winner).toBe(candidates[0])
    expect(baselines[0]!.baselines).toEqual([candidates[1]])
  })

  it('names the leads on the test images', () => {
    const lead = { value: 0.02, low: -0.01, high: 0.05 }
    const { leads } = rank(
      {
        contenders: [detector('elite', [0.5])],
        winner: { trial: '' },
        leads: [{ role: 'random', networks: 3, lead }],
      },
      NAMES,
    )
    expect(leads).toEqual([{ name: 'the mean of 3 random detectors', ...lead }])
    expect(leadInWords(leads[0]!)).toBe(
      '+2.00 to the mean of 3 random detectors [−1.00, +5.00], within noise',
    )
  })

  it('keeps the scores of the seeds that succeeded', () => {
    const { candidates } = ranked(detector('elite', [0.5, null, 0.6]))
    expect(candidates[0]).toMatchObject({ score: null, seeds: [0.5, 0.6] })
  })

  it('has no winner where no candidate has the winning trial', () => {
    const elsewhere = { contenders: [detector('elite', [0.5])], winner: { trial: 'of another run' } }
    expect(rank(elsewhere, NAMES)).toMatchObject({
      candidates: [{ kind: 'found' }],
      winner: undefined,
    })
  })
})
