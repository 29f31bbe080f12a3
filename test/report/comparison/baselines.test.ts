import { describe, expect, it } from 'vitest'
import { groupBaselines, lead, margins } from '../../../report/comparison/baselines.ts'
import { detector, NAMES } from './sample.ts'

const { baselines: names } = NAMES
const [first, second, fpn] = [
  detector('random', [0.2, 0.3]),
  detector('random', [0.5, 0.4]),
  detector('fpn', [0.3, 0.3]),
]
const failing = detector('random', [0.9, null])

describe('groupBaselines', () => {
  it('takes baselines of a role together, without those that failed, in the order of the names', () => {
    const [ofFpn, ofRandom, ...others] = groupBaselines([first, failing, fpn, second], names)
    expect(ofFpn).toMatchObject({ name: 'FPN', baselines: [fpn] })
    expect(ofRandom).toMatchObject({ name: 'the mean of 2 random detectors', baselines: [first, second] })
    expect(ofRandom!.score).toBeCloseTo(0.35, 12)
    expect(others).toEqual([])
  })

  it('leaves out candidates of the search, and roles without a score', () => {
    expect(groupBaselines([detector('elite', [0.9]), failing], names)).toEqual([])
  })
})

const compared = (winner: readonly number[], ...baselines: (typeof fpn)[]) => ({
  winner: detector('elite', winner),
  baselines: groupBaselines(baselines, names),
})

describe('margins', () => {
  it('are the points by which the winner leads each role', () => {
    expect(margins(compared([0.36], first, fpn))).toEqual(['+6.00 to FPN', '+11.00 to a random detector'])
    expect(margins(compared([0.25], fpn))).toEqual(['−5.00 to FPN'])
    expect(margins(compared([0.25], failing))).toEqual([])
  })

  it('say that seeds overlap where a seed of the baselines is as good as one of the winner', () => {
    expect(margins(compared([0.29, 0.43], first, fpn))).toEqual([
      '+6.00 to FPN, seeds overlap',
      '+11.00 to a random detector, seeds overlap',
    ])
    expect(margins(compared([0.31, 0.41], first, fpn))).toEqual([
      '+6.00 to FPN',
      '+11.00 to a random detector',
    ])
  })

  it('say the same of a winner that is behind', () => {
    expect(margins(compared([0.21, 0.29], fpn))).toEqual(['−5.00 to FPN'])
    expect(margins(compared([0.21, 0.31], fpn))).toEqual(['−4.00 to FPN, seeds overlap'])
  })
})

describe('lead', () => {
  it('lists the same in a sentence', () => {
    const against = (...baselines: (typeof fpn)[]) => lead(compared([0.36], ...baselines))
    expect(against(first, fpn)).toBe('+6.00 points against FPN and +11.00 points against a random detector')
    expect(against(fpn)).toBe('+6.00 points against FPN')
    expect(against()).toBe('')
  })
})
