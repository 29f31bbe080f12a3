import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { TopformerReportData } from '../../../report/topformer/data.ts'
import { renderTopformerReport } from '../../../report/topformer/render.ts'
import { sample } from './sample.ts'

const read = (data: TopformerReportData) => parseHTML(renderTopformerReport(data)).document
const sections = (data: TopformerReportData) =>
  [...read(data).querySelectorAll('section')].map(({ id }) => id)

describe('the report of a search with Efficient-TopFormer', () => {
  const data = sample()
  const page = read(data)

  it('shows what was found, beside what, how the search went, and all of the front', () => {
    expect(sections(data)).toEqual(
      expect.arrayContaining(['network', 'predictions', 'inherited', 'front', 'half-steps']),
    )
    const rows = [...page.querySelectorAll('#front tbody tr')].map((row) => row.textContent)
    expect(rows.length).toBe(data.front.points.length)
    expect(page.querySelector('.lede')!.textContent).toMatch(/^The network found reaches 50\.\d+ % mIoU/)
  })

  it('tells how well inherited weights predict, over all that have both scores', () => {
    expect(page.querySelector('#inherited')!.textContent).toMatch(
      /Rank correlation over 8 networksSpearman’s ρ0\.99 \[0\.\d+, 1\.00\]/,
    )
    const opposite = read(sample({}, -1))
    expect(opposite.querySelector('#inherited')!.textContent).toMatch(/ρ−(0\.9\d|1\.00)/)
    expect(opposite.querySelector('.lede')!.textContent).not.toEqual(page.querySelector('.lede')!.textContent)
  })

  it('says what failed, and why', () => {
    expect(page.body.textContent).toContain('1 of 40 evaluations failed, the first: killed its job 3 times.')
  })

  it('says of a pair of supernets that scores of its front do not compare', () => {
    const warned = /weights of two supernets, one for each half, whose scores do not compare/
    expect(page.body.textContent).not.toMatch(warned)
    const { record } = data
    const config = { ...record.config, supernet: { ...record.config.supernet, halves: 'pair' as const } }
    expect(read(sample({ record: { ...record, config } })).body.textContent).toMatch(warned)
  })

  it('is a page before anything is compared, and before anything is evaluated', () => {
    const searching = sample({ comparison: undefined, end: { status: 'running' }, predictions: [] } as never)
    expect(sections(searching)).not.toContain('inherited')
    expect(read(searching).querySelector('.lede')!.textContent).toMatch(
      /^The search is under way, with 3\d networks? evaluated\.$/,
    )
    const nothing = { ...searching, results: [], front: { evaluated: 0, points: [] } }
    expect(sections(nothing)).not.toContain('front')
  })
})
