import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { ComparedCell } from '../../../nas/pipelines/dpc/comparison.ts'
import type { DpcReportData } from '../../../report/dpc/data.ts'
import { renderDpcReport } from '../../../report/dpc/render.ts'
import { sample } from './sample.ts'

const read = (data: DpcReportData) => parseHTML(renderDpcReport(data)).document
const sections = (data: DpcReportData) => [...read(data).querySelectorAll('section')].map(({ id }) => id)

const ALL = [
  ...['cell', 'comparison', 'predictions', 'classes', 'model', 'search', 'proxy', 'cost', 'leaderboard'],
  'reproduce',
  'configuration',
]
const without = (...missing: readonly string[]) => ALL.filter((id) => !missing.includes(id))

describe('renderDpcReport', () => {
  it('shows everything that a finished run has, and leads to each part', () => {
    const document = read(sample(48))
    expect([...document.querySelectorAll('section')].map(({ id }) => id)).toEqual(ALL)
    expect([...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))).toEqual(
      ALL.map((id) => `#${id}`),
    )
    expect(document.querySelector('.lede')!.textContent).toBe(
      'The best cell reaches 70.58 % mIoU on the validation images, +1.46 points against ASPP and +3.70 points against a random cell. By proxy score it came 12th of 44.',
    )
  })

  it('tells the score on test images first, but no lead of a model of an earlier ranking', () => {
    const { rerank, winner } = sample(48)
    const test = { score: 0.7, low: 0.68, high: 0.72, images: 40 }
    const leads = [{ role: 'aspp', networks: 1, lead: { value: 0.02, low: -0.01, high: 0.05 } }]
    const tested = { rerank: { ...rerank!, leads }, winner: { ...winner!, test } }
    const document = read(sample(48, tested))
    expect(document.querySelector('.lede')!.textContent).toMatch(
      /^On 40 test images, which chose nothing, the winner scores 70\.00 % \[68\.00, 72\.00\] mIoU: \+2\.00 to ASPP \[−1\.00, \+5\.00\], within noise\. Intervals are over images, for these seeds: others may differ by more\. The best cell reaches 70\.58 %/,
    )
    const tiles = (page: typeof document) =>
      [...page.querySelectorAll('.tiles div')].map(({ textContent }) => textContent)
    expect(tiles(document).slice(0, 3)).toEqual([
      'Test mIoU70.00 %[68.00, 72.00] over 40 images',
      'Test mIoU against ASPP+2.00points [−1.00, +5.00], within noise',
      'mIoU of the winner70.58 %by full training, on validation images',
    ])
    const kept = read(sample(48, { ...tested, rerank: { ...rerank!, leads, kept: winner! } }))
    expect(tiles(kept)[1]).toContain('mIoU of the winner')
    expect(kept.querySelector('.lede')!.textContent).not.toContain('ASPP')
  })

  it('says on which images the classes were found', () => {
    const { rerank } = sample(48)
    expect(read(sample(48)).querySelector('#classes .quiet')!.textContent).toContain(
      `On ${rerank!.dataset.validation} validation images.`,
    )
  })

  it('leaves out what a run has not got yet', () => {
    const { winner } = sample(48)
    const beforeRerank = {
      rerank: undefined,
      winner: { ...winner!, scoredBy: 'the proxy task' as const, asppIou: undefined, predictions: [] },
    }
    expect(sections(sample(48, beforeRerank))).toEqual(without('comparison', 'predictions', 'model', 'proxy'))
    const nothing = { rerank: undefined, winner: undefined, tried: [], ledger: [], end: undefined }
    expect(sections(sample(48, nothing))).toEqual(['reproduce', 'configuration'])
  })

  it('reports a search in which every trial failed', () => {
    const tried = sample(48).tried.map(({ number, trial, genotype }) => ({
      number,
      trial,
      genotype,
      reason: 'NaN',
    }))
    const data = sample(48, { rerank: undefined, winner: undefined, tried })
    expect(sections(data)).toEqual(['search', 'cost', 'reproduce', 'configuration'])
    expect(read(data).querySelector('.lede')!.textContent).toBe('No trial has a score yet.')
  })

  it('draws the best so far, every trial and every failure', () => {
    const data = sample(48)
    const failures = data.tried.filter((trial) => 'reason' in trial).length
    const document = read(data)
    const dots = [...document.querySelectorAll('#search .wide [aria-label=dot]')]
    expect(dots.map((group) => group.childElementCount)).toEqual([48 - failures, 1, failures])
    expect(document.querySelectorAll('#search .wide [aria-label=line] path')).toHaveLength(1)
  })

  it('marks the winner and the baselines among those trained in full', () => {
    const document = read(sample(48))
    const names = (selector: string) =>
      [...document.querySelectorAll(`#comparison tr.${selector} td:first-child`)].map(
        (cell) => cell.textContent,
      )
    expect(names('winner')).toEqual(['12th by proxy'])
    expect(names('baseline')).toEqual(['ASPP', 'random 1'])
    expect(names('found')).toHaveLength(23)
  })

  it('draws whatever little there is, without a number that is none', () => {
    const { tried, rerank, winner, ledger } = sample(48)
    const first = tried.filter((trial) => 'score' in trial).slice(0, 1)
    const one = (each: ComparedCell) => ({ ...each, trials: each.trials.slice(0, 1) })
    const little: Partial<DpcReportData> = {
      tried: first,
      rerank: {
        ...rerank!,
        contenders: rerank!.contenders.filter(({ proxy }) => proxy?.rank === 12).map(one),
        pairs: 1,
        spearman: null,
        kendall: null,
      },
      winner: { ...winner!, iou: [], asppIou: undefined, predictions: [] },
      ledger: ledger.slice(0, 1).map((entry) => ({ ...entry, seenAt: entry.startedAt, usdPerHour: 0 })),
    }
    const main = read(sample(48, little)).querySelector('main')!
    expect(main.outerHTML.match(/NaN|Infinity|undefined|null/g)).toBeNull()
    expect(sections(sample(48, little))).toEqual(without('predictions', 'classes'))
  })

  it('shows cells whose full training failed, after all others', () => {
    const { rerank } = sample(48)
    const failing = rerank!.contenders.map((each) =>
      each.role === 'aspp'
        ? {
            ...each,
            score: null,
            parameters: null,
            multiplyAdds: null,
            trials: each.trials.map((trial) => ({ ...trial, score: null, reason: 'out of memory' })),
          }
        : each,
    )
    const document = read(sample(48, { rerank: { ...rerank!, contenders: failing } }))
    const last = [...document.querySelectorAll('#comparison tbody tr')].at(-1)!
    expect([...last.querySelectorAll('td')].slice(0, 6).map((cell) => cell.textContent)).toEqual([
      ...['ASPP', 'failed', '–', '55.00', '–', '–'],
    ])
    expect(document.querySelector('.lede')!.textContent).toContain(
      'validation images, +3.70 points against a random cell. By',
    )
  })

  it('says of a ranking on new data what it was trained on', () => {
    const { rerank, record } = sample(48)
    const dataset = { ...record.dataset, fingerprint: 'other', train: 368 }
    const before = read(sample(48)).querySelector('#comparison')!.textContent
    expect(before).not.toContain('after the search')
    const after = read(sample(48, { rerank: { ...rerank!, dataset } })).querySelector('#comparison')!
    expect(after.textContent).toContain('as it was after the search: 368 images for training')
  })

  it('takes no name for markup', () => {
    const hostile = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'
    const { record, winner, rerank, tried } = sample(48)
    const dataset = { ...record.dataset, classes: record.dataset.classes.map(() => hostile) }
    const document = read(
      sample(48, {
        record: {
          ...record,
          dataset,
          code: hostile,
        },
        rerank: { ...rerank!, dataset },
        end: { status: 'failed', error: hostile, stopped: hostile },
        tried: [...tried, { number: 48, trial: '0'.repeat(32), genotype: winner!.genotype, reason: hostile }],
      }),
    )
    expect(document.querySelectorAll('script')).toHaveLength(1)
    expect(document.querySelectorAll('[onerror], img[src=x]')).toHaveLength(0)
    expect(document.querySelector('#classes tbody td')!.textContent).toBe(hostile)
  })

  it('needs nothing from anywhere else', () => {
    const document = read(sample(48))
    expect(document.querySelectorAll('link, iframe, script[src]')).toHaveLength(0)
    const addresses = [...document.querySelectorAll('[src], [href]')].map(
      (element) => element.getAttribute('src') ?? element.getAttribute('href')!,
    )
    expect(addresses.every((address) => /^(#|data:image\/png;base64,)/.test(address))).toBe(true)
  })

  it('describes every picture in words', () => {
    const pictures = [...read(sample(48)).querySelectorAll('svg, img')]
    for (const picture of pictures) {
      expect(picture.getAttribute('aria-label') ?? picture.getAttribute('alt')).toMatch(/\w+ \w+/)
    }
  })

  it('gives the same bytes for the same run', () => {
    expect(renderDpcReport(sample(48))).toBe(renderDpcReport(sample(48)))
  })

  it('stays small and quick with the 28,000 trials of the paper, and says what it leaves out', () => {
    const report = renderDpcReport(sample(28_000))
    expect(report.length).toBeLessThan(3_000_000)
    const { document } = parseHTML(report)
    expect(document.querySelectorAll('#leaderboard tbody tr')).toHaveLength(200)
    expect(document.querySelector('#leaderboard p')!.textContent).toMatch(
      /^The best 200 of 26,\d{3} scored trials/,
    )
    const [, drawn] = document
      .querySelector('#search figcaption')!
      .textContent!.match(/one is drawn: ([\d,]+) of 26,\d{3}/)!
    const [cloud] = document.querySelectorAll('#search [aria-label=line]')
    const dots = [...cloud!.querySelectorAll('path')].flatMap((path) => path.getAttribute('d')!.split('Z'))
    expect(dots.filter((dot) => /^M[\d.]+,[\d.]+$/.test(dot))).toHaveLength(Number(drawn!.replace(',', '')))
    expect(document.querySelectorAll('*').length).toBeLessThan(6000)
  })
})
