import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { dpcDiagram } from '../../../../nas/spaces/dpc/diagram.ts'
import { FEATURES } from '../../../../nas/spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../../../../nas/spaces/dpc/known.ts'
import { dpcSpace } from '../../../../nas/spaces/dpc/space.ts'

const draw = (...[genotype]: Parameters<typeof dpcDiagram>) => {
  const { document } = parseHTML(dpcDiagram(genotype))
  const marked = (name: string) =>
    [...document.querySelectorAll(`[data-${name}]`)].map((element) => element.getAttribute(`data-${name}`))
  return { document, nodes: marked('node').sort(), edges: marked('edge').sort() }
}

const anyCell = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.nat())
  .map(([branches, seed]) => dpcSpace(branches).sample(random(seed, 'cell')))

describe('dpcDiagram', () => {
  it('draws the published top cell as Fig. 5 does', () => {
    const { document, edges } = draw(KNOWN_CELLS['dpc-top1'])
    expect(edges).toEqual(
      [
        ...['F-b0', 'b0-b1', 'b1-b2', 'b0-b3', 'b0-b4'],
        ...['b0-concat', 'b1-concat', 'b2-concat', 'b3-concat', 'b4-concat'],
        ...['concat-projection', 'projection-logits'],
      ].sort(),
    )
    expect([...document.querySelectorAll('.detail')].map((text) => text.textContent)).toEqual([
      'rate 1×6',
      'rate 18×15',
      'rate 6×3',
      'rate 1×1',
      'rate 6×21',
    ])
  })

  it('draws every branch of any cell under its own input, and joins them all', () => {
    fc.assert(
      fc.property(anyCell, (cell) => {
        const { document, nodes, edges } = draw(cell)
        const branches = cell.branches.map((_, i) => `b${i}`)
        expect(nodes).toEqual(['F', ...branches, 'concat', 'logits', 'projection'].sort())
        const expected = cell.branches.flatMap(({ input }, i) => [
          `${input === FEATURES ? 'F' : `b${input}`}-b${i}`,
          `b${i}-concat`,
        ])
        expect(edges).toEqual([...expected, 'concat-projection', 'projection-logits'].sort())
        expect(document.querySelectorAll('.atrous circle')).toHaveLength(
          9 * cell.branches.filter(({ operation }) => operation.kind === 'atrous').length,
        )
      }),
      { numRuns: 40 },
    )
  })

  it('keeps everything inside the picture', () => {
    fc.assert(
      fc.property(anyCell, (cell) => {
        const svg = dpcDiagram(cell)
        const [left, top, width, height] = /viewBox="([^"]+)"/
          .exec(svg)![1]!
          .split(' ')
          .map(Number) as number[]
        const curves = [...svg.matchAll(/data-edge="[^"]+" d="([^"]+)"/g)].map(([, d]) => d).join(' ')
        const points = [...curves.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)]
        const boxes = [...svg.matchAll(/data-node="b\d" transform="translate\((-?[\d.]+),(-?[\d.]+)\)/g)]
        expect(points.length).toBeGreaterThan(0)
        for (const [, x, y] of [...points, ...boxes]) {
          expect(Number(x)).toSatisfy((at: number) => at >= left! && at <= left! + width!)
          expect(Number(y)).toSatisfy((at: number) => at >= top! && at <= top! + height!)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('tells the cell to people who cannot see it', () => {
    expect(draw(KNOWN_CELLS.aspp).document.querySelector('svg')!.getAttribute('aria-label')).toContain(
      'Branch 1: 3×3 atrous rate 6×6 of backbone features F.',
    )
  })

  it('draws the same cell the same way', () => {
    expect(dpcDiagram(KNOWN_CELLS['dpc-top1'])).toBe(dpcDiagram(KNOWN_CELLS['dpc-top1']))
  })
})
