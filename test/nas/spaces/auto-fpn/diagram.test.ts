import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { autoFpnDiagram } from '../../../../nas/spaces/auto-fpn/diagram.ts'
import type { AutoFpnGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { KNOWN_NECKS } from '../../../../nas/spaces/auto-fpn/known.ts'
import { CELL_LINKS, layerLinks } from '../../../../nas/spaces/auto-fpn/links.ts'
import { autoFpnSpace } from '../../../../nas/spaces/auto-fpn/space.ts'
import { cell, genotypeOf, headOf, layer, neckOf } from './modules.ts'

const draw = (genotype: AutoFpnGenotype) => {
  const { document } = parseHTML(autoFpnDiagram(genotype))
  const links = [...document.querySelectorAll('[data-link]')]
  return { document, links, names: links.map((link) => link.getAttribute('data-link')).sort() }
}

const anyGenotype = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.nat(),
  )
  .map(([levels, layers, cells, seed]) =>
    autoFpnSpace({ neck: { levels, layers }, head: { cells } }).sample(random(seed, 'genotype')),
  )

describe('autoFpnDiagram', () => {
  it('draws every link of a neck once, and none for none', () => {
    fc.assert(
      fc.property(anyGenotype, ({ neck, ...rest }) => {
        const { head: _, ...alone } = rest
        const expected = neck!.layers.flatMap((operators, l) =>
          layerLinks(neck!.levels).flatMap(({ source, target }, i) =>
            operators[i] === 'none' ? [] : [`${l}:${source}-${target}`],
          ),
        )
        expect(draw({ ...alone, neck: neck! }).names).toEqual(expected.sort())
      }),
      { numRuns: 20 },
    )
  })

  it('draws every link of every cell once', () => {
    fc.assert(
      fc.property(anyGenotype, ({ head, ...rest }) => {
        const { neck: _, ...alone } = rest
        const { names, document } = draw({ ...alone, head: head! })
        expect(names).toHaveLength(head!.cells.flat().filter((operator) => operator !== 'none').length)
        expect(new Set(names).size).toBe(names.length)
        expect(document.querySelectorAll('.join')).toHaveLength(4 * head!.cells.length)
      }),
      { numRuns: 20 },
    )
  })

  it('labels links by operators, and those that change nothing are faint', () => {
    const { links, document } = draw(
      genotypeOf({
        // Nothing comes of level 1 in the first layer, so that the second has nothing to read there.
        neck: neckOf(
          2,
          layer(2, { '0to0': 'dil_conv_5x5_r3' }),
          layer(2, { '0to0': 'identity', '1to1': 'sep_conv_3x3' }),
        ),
        head: headOf(cell({ '0to0': 'conv_3x3', '1to0': 'dil_conv_5x5_r2' })),
      }),
    )
    const idle = links.filter((link) => link.classList.contains('idle'))
    expect(idle.map((link) => link.getAttribute('data-link'))).toEqual(['1:1-1'])
    const labels = [...document.querySelectorAll('.label')].map(({ textContent }) => textContent)
    expect(labels).toEqual(['5×5 d3', 'id', '3×3', '5×5 d2'])
  })

  it('names the inputs of cells: the two cells before, or the region', () => {
    const all = CELL_LINKS.map(() => 'identity' as const)
    const { names } = draw(genotypeOf({ head: headOf(all, all, all) }))
    const inputs = new Set(names.map((name) => name!.split('-')[0]!).filter((name) => !name.includes('node')))
    expect([...inputs].sort()).toEqual(
      ['0:region', '0:region ′', '1:cell 1', '1:region', '2:cell 1', '2:cell 2'].sort(),
    )
  })

  it('keeps everything inside the picture', () => {
    fc.assert(
      fc.property(anyGenotype, (genotype) => {
        const svg = autoFpnDiagram(genotype)
        const [, , width, height] = /viewBox="([^"]+)"/.exec(svg)![1]!.split(' ').map(Number) as number[]
        const { document } = parseHTML(svg)
        const boxes = [...document.querySelectorAll('.node rect')].map((rect) => {
          const at = { x: Number(rect.getAttribute('x')), y: Number(rect.getAttribute('y')) }
          for (let group = rect.parentElement; group !== null; group = group.parentElement) {
            const [, x, y] =
              /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(group.getAttribute('transform') ?? '') ?? []
            at.x += Number(x ?? 0)
            at.y += Number(y ?? 0)
          }
          return { ...at, right: at.x + Number(rect.getAttribute('width')), bottom: at.y + 26 }
        })
        expect(boxes.length).toBeGreaterThan(0)
        for (const { x, y, right, bottom } of boxes) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
          expect(right).toBeLessThanOrEqual(width!)
          expect(bottom).toBeLessThanOrEqual(height!)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('tells the network to people who cannot see it', () => {
    const label = draw(KNOWN_NECKS['panet-neck']).document.querySelector('svg')!.getAttribute('aria-label')
    expect(label).toContain('Layer 1, P3: identity of P3, identity of P4.')
    expect(label).toContain('Layer 2, P1: a separable 3×3 convolution of P1.')
  })

  it('draws the same network the same way', () => {
    const genotype = autoFpnSpace().sample(random(1))
    expect(autoFpnDiagram(genotype)).toBe(autoFpnDiagram(genotype))
  })
})
