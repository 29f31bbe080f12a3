import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { CELL_LINKS } from '../../../nas/spaces/auto-fpn/links.ts'
import type { AutoFpnReportData } from '../../../report/auto-fpn/data.ts'
import { renderAutoFpnReport } from '../../../report/auto-fpn/render.ts'
import { CLASSES, sample } from './sample.ts'

const read = (data: AutoFpnReportData) => parseHTML(renderAutoFpnReport(data)).document
const sections = (data: AutoFpnReportData) => [...read(data).querySelectorAll('section')].map(({ id }) => id)
const lede = (data: AutoFpnReportData) => read(data).querySelector('.lede')!.textContent!

const whole = sample({ snas: true })
const page = read(whole)
const ALL = [
  'detector',
  'comparison',
  'predictions',
  'accuracy',
  'model',
  'search',
  'probabilities',
  'cost',
  'reproduce',
  'configuration',
]
const NOT_COMPARED = { comparison: undefined, winner: undefined, end: undefined }

describe('renderAutoFpnReport', () => {
  it('tells the score on test images first, then accuracy and the weight of neck and head beside FPN’s', () => {
    expect(lede(whole)).toMatch(
      /^On 48 test images, .* 33\.02 % \[30\.72, 35\.32\] AP: \+1\.31 to FPN \[\+0\.12, \+2\.55\]; .*\. The detector found reaches 34\.12 % AP and 58\.69 % AP50 on the validation images\. Its neck has \S+ parameters, \d+ % fewer than FPN’s; its head has \S+ parameters, \d+ % fewer than FPN’s\.$/,
    )
    const tiles = [...page.querySelectorAll('.tiles dt')].map(({ textContent }) => textContent)
    expect(tiles).toEqual([
      'Test AP',
      'Test AP against FPN',
      'Test AP against the mean of 2 random detectors',
      'Test AP against SNAS',
      'Validation AP',
      'Parameters of the neck',
      'Parameters of the head',
      'Machine time',
      'Cost',
    ])
  })

  it('tells leads on the validation images where no test images were kept aside', () => {
    const { leads: _, winner, ...comparison } = whole.comparison!
    const { test: __, ...untested } = winner
    expect(lede({ ...whole, comparison: { ...comparison, winner: untested } })).toMatch(
      /^The detector found reaches 34\.12 % AP and .* validation images: \+1\.45 points against FPN, /,
    )
  })

  it('shows everything that a finished run has, and leads to each part', () => {
    expect([...page.querySelectorAll('section')].map(({ id }) => id)).toEqual(ALL)
    expect([...page.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))).toEqual(
      ALL.map((id) => `#${id}`),
    )
  })

  it('tells how detectors evolved, what the best is and how long that took beside the searches', () => {
    const ledger = whole.ledger.flatMap((entry) =>
      entry.job === 'head' ? [entry, { ...entry, job: 'evolution', jobId: 'evolution-0' }] : [entry],
    )
    const evolving = sample({ evolution: true }, { ledger })
    const section = read(evolving).querySelector('#evolution')!
    expect(section.querySelector('p')!.textContent).toMatch(
      /^5 detectors of the same space, each trained for 100 steps .* The best reached 21\.00 % AP then, .* took 19 min 0 s of machine time, the searches by gradient 42 min 0 s\.$/,
    )
    expect(section.querySelectorAll('.wide [aria-label=dot] circle')).toHaveLength(5)
    expect(section.querySelectorAll('.wide [aria-label=dot] path')).toHaveLength(1)
    expect(read(evolving).querySelector('#comparison')!.textContent).toContain('evolution')
    expect(read(evolving).querySelector('#cost')!.textContent).toContain('Evolving detectors')
    const [neck] = evolving.searches
    expect(lede({ ...evolving, ...NOT_COMPARED, searches: [neck!] })).toBe(
      'The search has found a neck of 2 layers, beside which detectors now evolve, or are trained.',
    )
  })

  it('leaves out what a run has not got yet', () => {
    const searched = sample({}, NOT_COMPARED)
    const later = ['comparison', 'predictions', 'accuracy', 'model']
    expect(sections(searched)).toEqual(ALL.filter((id) => !later.includes(id)))
    expect(lede(searched)).toBe(
      'The search has found a neck of 2 layers and a head of 2 cells, which is now trained beside the baselines.',
    )
    const [neck] = searched.searches
    expect(lede({ ...searched, searches: [neck!] })).toBe(
      'The search has found a neck of 2 layers, and now looks for a head.',
    )
    const started = sample({}, { ...NOT_COMPARED, searches: [], ledger: [] })
    expect(sections(started)).toEqual(['reproduce', 'configuration'])
    expect(lede(started)).toBe('The search is under way.')
  })

  it('says what a failed run has not found', () => {
    const end = { status: 'failed', error: 'the loss is NaN', stopped: null } as const
    const failed = sample({}, { ...NOT_COMPARED, end })
    expect(lede({ ...failed, searches: [] })).toBe('The search found no detector.')
    expect(lede({ ...failed, searches: [failed.searches[0]!] })).toContain('but no head.')
    expect(lede(failed)).toContain('which could not be compared')
  })

  it('says of a transfer from where neck and head are, and shows them before they are trained', () => {
    const { record, comparison } = whole
    const search = { ...record.config.search, genotype: 'street-boxes' }
    const transfer = sample(
      {},
      {
        record: { ...record, config: { ...record.config, search }, genotype: comparison!.winner.genotype },
        searches: [],
      },
    )
    expect(lede(transfer)).toMatch(/Neck and head are those of run street-boxes: nothing was searched\.$/)
    expect(sections(transfer)).toEqual(ALL.filter((id) => id !== 'search' && id !== 'probabilities'))
    const started = { ...transfer, ...NOT_COMPARED }
    expect(lede(started)).toBe(
      'There is a neck of 2 layers and a head of 2 cells, of run street-boxes, which is now trained beside the baselines.',
    )
    expect(sections(started)).toContain('detector')
  })

  it('says what is FPN’s where one module alone was searched', () => {
    const neckAlone = sample({ modules: 'neck' })
    expect(lede(neckAlone)).toMatch(/Its neck has .*; its head is FPN’s\.$/)
    const document = read(neckAlone)
    expect(document.querySelector('#detector h2')!.textContent).toBe('The neck')
    expect(document.querySelector('#detector figcaption')!.textContent).toContain('The head is FPN’s.')
    expect(lede(sample({ modules: 'head' }))).toMatch(/Its neck is FPN’s; its head has /)
  })

  it('draws every choice that each search had, over time', () => {
    const pictures = [...page.querySelectorAll('#probabilities figure svg')]
    const areas = pictures.map((svg) => svg.querySelectorAll('[aria-label=area] path').length)
    expect(areas).toEqual([16, 16, CELL_LINKS.length, CELL_LINKS.length].map((links) => 8 * links))
  })

  it('draws a line for each method in loss, cost and decisions of each search', () => {
    const lines = [...page.querySelectorAll('#search figure .wide svg')].map(
      (svg) => svg.querySelectorAll('[aria-label=line] path').length,
    )
    expect(lines).toEqual([2, 2, 2, 0, 2, 2, 2, 0])
    const counted = [...page.querySelectorAll('#search figure')][3]!.textContent!
    expect(counted).toContain('Of the 32 links that were decided.')
  })

  it('shows AP by class and by size beside FPN’s, and nothing where no validation image shows any', () => {
    const rows = [...page.querySelectorAll('#accuracy .sortable tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].slice(0, 4).map(({ textContent }) => textContent),
    )
    expect(rows[0]).toEqual(['car', '87.01', '51.18', '+2.18'])
    expect(rows[3]).toEqual(['street light', '–', '–', '–'])
    const sizes = [...page.querySelectorAll('#accuracy figure tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].slice(0, 3).map(({ textContent }) => textContent),
    )
    expect(sizes).toEqual([
      ['Small', '19.79', '+0.84'],
      ['Medium', '44.36', '+1.89'],
      ['Large', '–', '–'],
    ])
    const alone = read({ ...whole, winner: { ...whole.winner!, fpn: undefined } })
    expect(alone.querySelector('#accuracy')!.textContent).not.toContain('FPN')
  })

  it('draws precision against recall of the mean, of FPN and of each class that is shown', () => {
    const curves = (data: AutoFpnReportData) =>
      read(data).querySelectorAll('#accuracy .wide [aria-label=line] path').length
    expect(curves(whole)).toBe(3 + 2)
    expect(curves({ ...whole, winner: { ...whole.winner!, fpn: undefined } })).toBe(3 + 1)
  })

  it('shows pictures, with what their colours stand for', () => {
    expect(page.querySelectorAll('#predictions img')).toHaveLength(2)
    const legend = [...page.querySelectorAll('#predictions .key li')].map(({ textContent }) => textContent)
    expect(legend).toEqual([...CLASSES, 'truth'])
    const without = { ...whole, winner: { ...whole.winner!, pictures: [] } }
    expect(sections(without)).not.toContain('predictions')
  })

  it('marks the detector found among those trained', () => {
    expect(page.querySelector('#comparison tr.winner td')!.textContent).toBe('the detector found')
    expect(page.querySelectorAll('#comparison tr.baseline')).toHaveLength(4)
    expect(page.querySelectorAll('#comparison tbody tr')).toHaveLength(5)
  })

  it('takes nothing that a run says for markup', () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    const classes = [hostile, ...CLASSES.slice(1)]
    const document = read({
      ...whole,
      record: { ...whole.record, run: hostile, dataset: { ...whole.record.dataset, classes } },
      end: { status: 'failed', error: hostile, stopped: hostile },
    })
    expect(document.querySelectorAll('script')).toHaveLength(1)
    expect(document.querySelectorAll('[onerror], img[src=x]')).toHaveLength(0)
  })

  it('describes every picture in words', () => {
    const pictures = [...page.querySelectorAll('figure svg')]
    expect(pictures.length).toBeGreaterThan(10)
    for (const picture of pictures) {
      expect(picture.getAttribute('role')).toBe('img')
      expect(picture.getAttribute('aria-label')).toBeTruthy()
    }
  })

  it('stays small without its pictures', () => {
    expect(renderAutoFpnReport(whole).length).toBeLessThan(1_000_000)
  })

  it('gives the same bytes for the same run', () => {
    expect(renderAutoFpnReport(sample())).toBe(renderAutoFpnReport(sample()))
  })
})
