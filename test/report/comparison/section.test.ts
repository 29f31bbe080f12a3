import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { comparisonSection } from '../../../report/comparison/section.ts'
import { markupOf } from '../../../report/html.ts'
import { renderSection } from '../../../report/section.ts'
import { type Detector, detector, ranked, WORDS } from './sample.ts'

const read = (winner: Detector, ...others: readonly Detector[]) =>
  parseHTML(
    markupOf(
      renderSection(
        comparisonSection(ranked(winner, ...others), {
          title: 'Detectors',
          training: 'All trained alike.',
          reading: 'FPN is that of the paper.',
          words: WORDS,
          figures: [{ name: 'Latency, %', of: ({ latency }) => latency }],
          structure: { name: 'Levels', className: 'nowrap', of: ({ levels }) => levels.join(' + ') },
        }),
      ),
    ),
  ).document
const texts = (elements: Iterable<{ readonly textContent: string | null }>) =>
  [...elements].map(({ textContent }) => textContent)

const winner = detector('elite', [0.4, 0.42])
const fpn = detector('fpn', [0.3, 0.3])
const page = read(winner, fpn, detector('random', [0.9, null]), detector('elite', [0.35, 0.35]))

describe('comparisonSection', () => {
  it('has a row for each candidate, best first, in the class of its kind', () => {
    const rows = [...page.querySelectorAll('#comparison tbody tr')]
    expect(rows.map(({ className }) => className)).toEqual(['winner', 'found', 'baseline', 'baseline'])
    expect(texts(rows.map((row) => row.querySelector('td')!))).toEqual([
      ...['elite 1', 'elite 2', 'FPN', 'random 1'],
    ])
  })

  it('has the columns of every comparison, and those of the pipeline', () => {
    expect(texts(page.querySelectorAll('th'))).toEqual([
      ...['Candidate', 'AP, %', 'Lowest to highest', 'Latency, %', 'Parameters', 'Multiply-adds', 'Levels'],
    ])
    const [first, , , last] = page.querySelectorAll('tbody tr')
    expect(texts(first!.querySelectorAll('td'))).toEqual([
      ...['elite 1', '41.00 ± 1.41', '40.00 – 42.00', '25.00', '4M', '9M', '3 + 4 + 5'],
    ])
    expect(texts(last!.querySelectorAll('td'))).toEqual([
      ...['random 1', 'failed', '–', '–', '–', '–', '3 + 4 + 5'],
    ])
    expect(last!.querySelector('.bad')!.getAttribute('title')).toBe('the loss is NaN')
  })

  it('sorts every column of numbers by a number, failures below all others', () => {
    for (const cell of page.querySelectorAll('tbody td.number'))
      expect(Number.parseFloat(cell.getAttribute('data-value')!)).not.toBeNaN()
    const [, score] = [...page.querySelectorAll('tbody tr')].at(-1)!.querySelectorAll('td')
    expect(score!.getAttribute('data-value')).toBe('-1')
  })

  it('leaves out what one seed cannot tell', () => {
    const once = read(detector('elite', [0.4]), detector('fpn', [0.3]))
    expect(texts(once.querySelectorAll('th'))).not.toContain('Lowest to highest')
    expect(once.querySelector('#comparison')!.textContent).not.toContain('standard deviation')
    expect(page.querySelector('#comparison')!.textContent).toContain('After ±: the standard deviation')
  })

  it('draws a dot for every seed and a bar for every mean, for a wide page and for a narrow one', () => {
    for (const width of ['wide', 'narrow']) {
      const svg = page.querySelector(`.${width} svg`)!
      expect(svg.getAttribute('aria-label')).toBe('AP by detector and seed')
      expect(svg.querySelectorAll('[aria-label=dot] circle')).toHaveLength(7)
    }
    expect(Number(page.querySelector('.narrow svg')!.getAttribute('width'))).toBeLessThan(400)
  })

  it('tells the score on test images first: in words, in the table and below the seeds', () => {
    const test = { score: 0.38, low: 0.35, high: 0.41, images: 50 }
    const tested = read({ ...winner, test }, fpn)
    expect(tested.querySelector('p')!.textContent).toBe(
      'All trained alike. On 50 test images, which chose nothing, the winner scores 38.00 % [35.00, 41.00] AP. ',
    )
    expect(texts(tested.querySelectorAll('th')).slice(0, 3)).toEqual([
      ...['Candidate', 'On test images, %', 'AP, %'],
    ])
    const rows = [...tested.querySelectorAll('tbody tr')].map((row) => row.querySelectorAll('td')[1]!)
    expect(texts(rows)).toEqual(['38.00 [35.00, 41.00]', '–'])
    expect(rows.map((cell) => cell.getAttribute('data-value'))).toEqual(['0.38', '-1'])
    expect(tested.querySelectorAll('.wide [aria-label=dot] path')).toHaveLength(1)
    expect(tested.querySelector('figcaption')!.textContent).toContain(
      'a diamond: the mean on the test images',
    )
    expect(page.querySelector('#comparison')!.textContent).not.toContain('test images')
  })

  it('explains the colours of the kinds that are there', () => {
    expect(texts(page.querySelectorAll('.key li'))).toEqual([
      ...['the best detector', 'other searched detectors', 'baselines'],
    ])
    expect(texts(read(winner, fpn).querySelectorAll('.key li'))).toEqual(['the best detector', 'baselines'])
  })

  it('draws the best of many candidates, every baseline, and says how many are in the table alone', () => {
    const many = Array.from({ length: 14 }, (_, i) => detector('elite', [0.39 - i / 100]))
    const crowded = read(detector('elite', [0.4]), ...many, detector('fpn', [0.1]))
    expect(crowded.querySelectorAll('.wide [aria-label=dot] circle')).toHaveLength(11)
    expect(crowded.querySelector('.wide svg')!.textContent).toContain('FPN')
    expect(crowded.querySelector('figcaption')!.textContent).toContain('5 detectors only in the table.')
    expect(crowded.querySelectorAll('tbody tr')).toHaveLength(16)
  })

  it('has no chart where nothing could be trained', () => {
    const failed = read(detector('elite', [null]))
    expect(failed.querySelector('svg')).toBeNull()
    expect(failed.querySelectorAll('tbody tr')).toHaveLength(1)
  })
})
