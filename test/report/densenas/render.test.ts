import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { DenseNasReportData } from '../../../report/densenas/data.ts'
import { renderDenseNasReport } from '../../../report/densenas/render.ts'
import { CIFAR, IMAGENET, sample } from './sample.ts'

const read = (data: DenseNasReportData) => parseHTML(renderDenseNasReport(data)).document
const sections = (data: DenseNasReportData) => [...read(data).querySelectorAll('section')].map(({ id }) => id)

const whole = sample()
const page = read(whole)
const ALL = [
  'path',
  'comparison',
  'confusion',
  'network',
  'model',
  'search',
  'probabilities',
  'cost',
  'reproduce',
  'configuration',
]

describe('renderDenseNasReport', () => {
  it('tells the score on test images first', () => {
    const { comparison } = sample()
    const test = { score: 0.75, low: 0.74, high: 0.76, images: 1000 }
    const leads = [{ role: 'random', networks: 5, lead: { value: 0.02, low: 0.01, high: 0.03 } }]
    const document = read(
      sample(CIFAR, { comparison: { ...comparison!, leads, winner: { ...comparison!.winner, test } } }),
    )
    expect(document.querySelector('.lede')!.textContent).toMatch(
      /^On 1,000 test images, .* 75\.00 % \[74\.00, 76\.00\] top-1: \+2\.00 to the mean of 5 random paths \[\+1\.00, \+3\.00\]\. Intervals are over images, for these seeds: others may differ by more\. The/,
    )
    const tiles = [...document.querySelectorAll('.tiles dt')].map(({ textContent }) => textContent)
    expect(tiles.slice(0, 4)).toEqual([
      'Test top-1',
      'Test top-1 against the mean of 5 random paths',
      'Validation top-1',
      'Parameters',
    ])
  })

  it('shows everything that a finished run has, and leads to each part', () => {
    expect([...page.querySelectorAll('section')].map(({ id }) => id)).toEqual(ALL)
    expect([...page.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))).toEqual(
      ALL.map((id) => `#${id}`),
    )
    expect(page.querySelector('.lede')!.textContent).toMatch(
      /^The network found reaches 75\.64 % top-1 on the validation images with \S+ multiply-adds: \+0\.45 points against MobileNetV2 and \+2\.26 points against the mean of 5 random paths, at about equal cost\.$/,
    )
  })

  it('leaves out what a run has not got yet', () => {
    const searched = sample(CIFAR, { comparison: undefined, confusion: undefined, end: undefined })
    expect(sections(searched)).toEqual(ALL.filter((id) => !['comparison', 'confusion', 'model'].includes(id)))
    expect(read(searched).querySelector('.lede')!.textContent).toContain(
      'is now trained beside the baselines',
    )
    const started = sample(CIFAR, {
      comparison: undefined,
      confusion: undefined,
      search: undefined,
      ledger: [],
      end: undefined,
    })
    expect(sections(started)).toEqual(['reproduce', 'configuration'])
    expect(read(started).querySelector('.lede')!.textContent).toBe('The search is under way.')
  })

  it('says what a failed run has not found', () => {
    const end = { status: 'failed', error: 'the loss is NaN', stopped: null } as const
    const lede = (changes: Partial<DenseNasReportData>) =>
      read(sample(CIFAR, { end, comparison: undefined, ...changes })).querySelector('.lede')!.textContent
    expect(lede({ search: undefined })).toBe('The search found no network.')
    expect(lede({})).toContain('could not be compared')
  })

  it('draws the path with the probabilities at the end of the search', () => {
    const { path, genotype } = whole.search!.derived
    expect(page.querySelectorAll('#path .connection.chosen')).toHaveLength(path.length - 1)
    const taken = page.querySelector('#path .connection.chosen .probability')!.textContent
    expect(taken).toMatch(/^\d+ %$/)
    const layers = genotype.blocks.flatMap(({ head, stack }) => [head, ...stack])
    expect(page.querySelectorAll('#network td .layer')).toHaveLength(layers.length)
  })

  it('adds up the parts of the network to what the whole costs', () => {
    const last = [...page.querySelectorAll('#network tfoot td')].map(({ textContent }) => textContent)
    const { parameters } = whole.comparison!.winner
    expect(last[1]).toBe(new Intl.NumberFormat('en-US').format(parameters))
  })

  it('shows a series of one epoch', () => {
    const weights = whole.search!.epochs.filter(({ phase }) => phase === 'weights').slice(0, 3)
    const architecture = whole.search!.epochs.find(({ phase }) => phase === 'architecture')!
    const search = { ...whole.search!, epochs: [...weights, architecture] }
    const [loss] = read(sample(CIFAR, { search })).querySelectorAll('#search figure svg')
    expect(loss!.innerHTML).toMatch(/marker-start|<circle/)
    expect(page.querySelector('#search')!.innerHTML).not.toMatch(/marker-start|<circle/)
  })

  it('draws every choice that the search had, over time', () => {
    const [paths, operations] = [...page.querySelectorAll('#probabilities figure svg')]
    const { relaxation, derived } = whole.search!
    const areas = (svg: typeof paths) => svg!.querySelectorAll('[aria-label=area] path')
    const choices = relaxation.paths.filter(({ length }) => length > 1)
    expect(areas(paths)).toHaveLength(choices.flat().length)
    const searched = derived.path.slice(1, -1)
    const heads = searched.map((block) => relaxation.head[block]![0]!.length)
    const stacked = searched.flatMap((block) => relaxation.stack[block]!.map(({ length }) => length))
    expect(areas(operations)).toHaveLength([...heads, ...stacked].reduce((a, b) => a + b))
  })

  it('marks the network found among those trained', () => {
    expect(page.querySelector('#comparison tr.winner td')!.textContent).toBe('the network found')
    expect(page.querySelector('#comparison tr.baseline td')!.textContent).toBe('MobileNetV2 × 0.83')
    expect(page.querySelectorAll('#comparison tr.baseline')).toHaveLength(6)
    expect(page.querySelectorAll('#comparison tbody tr')).toHaveLength(7)
  })

  it('sets latencies beside each other, and says how they were measured', () => {
    const latencies = {
      device: 'Xeon',
      batch: 32,
      unit: 'ms',
      fixed: 1,
      head: [],
      stack: [],
      spread: 0.031,
      measuredAt: Date.UTC(2026, 10, 26, 21, 50),
    } as const
    const contenders = whole.comparison!.contenders.map((each, i) =>
      each.role === 'mobilenet-v2' ? each : { ...each, latency: 12.34 + i },
    )
    const page = read(sample(CIFAR, { latencies, comparison: { ...whole.comparison!, contenders } }))
    const column = [...page.querySelectorAll('#comparison th')].findIndex(({ textContent }) =>
      textContent!.includes('Latency, ms'),
    )
    const shown = (row: string) =>
      page.querySelector(`#comparison tr.${row}`)!.querySelectorAll('td')[column]!.textContent
    expect(shown('winner')).toBe('12.3')
    expect(shown('baseline')).toBe('–')
    expect(page.querySelector('#comparison .quiet')!.textContent).toContain(
      'for 32 images, measured on Xeon, 2026-11-26 21:50 UTC, each operation within 4 %',
    )
  })

  it('draws whatever little there is, without a number that is none', () => {
    const { search, comparison, ledger } = whole
    const [derived] = comparison!.contenders
    const failing = {
      ...comparison!.contenders[1]!,
      ...{ score: null, top5: null, parameters: null },
      trials: [{ seed: 0, trial: '0'.repeat(32), score: null, reason: 'out of memory' }],
    }
    const once = { ...derived!, trials: derived!.trials.slice(1) }
    const little = sample(CIFAR, {
      search: { ...search!, epochs: search!.epochs.slice(0, 1), score: undefined },
      comparison: { ...comparison!, contenders: [once, failing] },
      ledger: ledger.slice(0, 1).map((entry) => ({ ...entry, seenAt: entry.startedAt, usdPerHour: 0 })),
    })
    expect(
      read(little)
        .querySelector('main')!
        .outerHTML.match(/NaN|Infinity|undefined|null/g),
    ).toBeNull()
    expect(sections(little)).toEqual(ALL.filter((id) => id !== 'search' && id !== 'probabilities'))
  })

  it('takes no name for markup', () => {
    const hostile = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'
    const { record } = whole
    const document = read(
      sample(CIFAR, {
        record: { ...record, code: hostile },
        comparison: { ...whole.comparison!, limited: hostile },
        end: { status: 'failed', error: hostile, stopped: hostile },
      }),
    )
    expect(document.querySelectorAll('script')).toHaveLength(1)
    expect(document.querySelectorAll('[onerror], img[src=x]')).toHaveLength(0)
  })

  it('describes every picture in words', () => {
    const pictures = [...page.querySelectorAll('figure svg')]
    expect(pictures.length).toBeGreaterThan(6)
    for (const picture of pictures) {
      expect(picture.getAttribute('role')).toBe('img')
      expect(picture.getAttribute('aria-label')).toBeTruthy()
    }
  })

  it('stays small with the epochs and the space of the paper', () => {
    expect(renderDenseNasReport(sample(IMAGENET)).length).toBeLessThan(1_000_000)
  })

  it('stays small with a search of very many epochs', () => {
    const long = renderDenseNasReport(sample({ ...CIFAR, epochs: 400 })).length
    expect(long).toBeLessThan(3 * renderDenseNasReport(whole).length)
  })

  it('gives the same bytes for the same run', () => {
    expect(renderDenseNasReport(sample())).toBe(renderDenseNasReport(sample()))
  })
})
