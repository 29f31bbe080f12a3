import { describe, expect, it } from 'vitest'
import { onTheComparison } from '../../../report/comparison/notes.ts'
import { type Detector, detector, ranked, WORDS } from './sample.ts'

const winner = detector('elite', [0.4, 0.42])
const notes = (first: Detector, ...others: readonly Detector[]) => [
  ...onTheComparison(ranked(first, ...others), WORDS, ['road', 'sky']),
]

describe('onTheComparison', () => {
  it('raises no alarm where the winner leads every baseline with every seed', () => {
    expect(notes(winner, detector('fpn', [0.3, 0.39]), detector('random', [0.2, 0.3]))).toEqual([])
  })

  it('admits that a baseline was as good or better', () => {
    const text = 'The best detector did not beat FPN: −1.00 points.'
    expect(notes(winner, detector('fpn', [0.41, 0.43]))).toEqual([{ tone: 'warning', text }])
    expect(notes(winner, detector('random', [0.4, 0.42]))[0]!.text).toContain('a random detector: +0.00')
  })

  it('admits that a lead is within the spread of any baseline of a role', () => {
    const text =
      'The best detector leads the mean of 2 random detectors by 8.50 points, but their seeds overlap: 41.00 ± 1.41 against 32.50 ± 9.57.'
    expect(notes(winner, detector('random', [0.4, 0.4]), detector('random', [0.2, 0.3]))).toEqual([
      { tone: 'warning', text },
    ])
  })

  it('tells of a lead on the test images that is none, and of too few test images', () => {
    const images = { score: 0.41, low: 0.3, high: 0.5, images: 12 }
    const leads = [
      { name: 'FPN', value: 0.01, low: -0.02, high: 0.04 },
      { name: 'a random detector', value: -0.01, low: -0.04, high: 0.02 },
      { name: 'another', value: 0.05, low: 0.01, high: 0.09 },
    ]
    const tested = { ...ranked({ ...winner, test: images }, detector('fpn', [0.3, 0.39])), leads }
    expect([...onTheComparison(tested, WORDS, [])].map(({ text }) => text)).toEqual([
      'Only 12 test images: intervals over fewer than 20 are too narrow to be trusted.',
      'The best detector leads FPN on the test images by 1.00 points, [−2.00, +4.00], within noise: the interval includes 0.',
      'The best detector did not beat a random detector on the test images: −1.00 points [−4.00, +2.00], within noise.',
    ])
  })

  it('misses the baselines, those that could not be trained included', () => {
    const [failure, missing] = notes(winner, detector('fpn', [0.3, null]))
    expect(failure).toEqual({
      tone: 'warning',
      text: '1 detector could not be trained: the loss is NaN.',
    })
    expect(missing!.text).toContain('No baseline was trained beside the best detector')
    expect(notes(winner)).toEqual([missing])
  })

  it('warns of a network that predicts one class everywhere', () => {
    const fpn = detector('fpn', [0.3, 0.39])
    const collapsed = {
      ...fpn,
      trials: fpn.trials.map((trial, i) => (i === 1 ? { ...trial, onlyClass: 0 } : trial)),
    }
    expect(notes(winner, collapsed)).toEqual([
      { tone: 'warning', text: 'FPN predicts road everywhere: it tells nothing apart.' },
    ])
  })

  it('remarks that one seed is little, and which key of the configuration sets them', () => {
    const [note] = notes(detector('elite', [0.4]), detector('fpn', [0.3]))
    expect(note).toMatchObject({ tone: 'remark' })
    expect(note!.text).toMatch(
      /^Each detector was trained with a single seed, .* give finalists\.seeds more\.$/,
    )
  })
})
