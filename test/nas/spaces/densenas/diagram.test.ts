import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { random } from '../../../../nas/random.ts'
import { genotypeOf, sampleArchitecture } from '../../../../nas/spaces/densenas/architecture.ts'
import { type DenseNasPicture, denseNasDiagram } from '../../../../nas/spaces/densenas/diagram.ts'
import { operationLabel } from '../../../../nas/spaces/densenas/operation-label.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { blocksOf, type DenseNasSpace } from '../../../../nas/spaces/densenas/space.ts'

const pictureOf = (space: DenseNasSpace, seed: number): DenseNasPicture => {
  const architecture = sampleArchitecture(space, random(seed, 'picture'))
  return { space, image: 32, genotype: genotypeOf(space, architecture), path: architecture.path }
}
const anyPicture = fc
  .tuple(fc.constantFrom(...Object.values(DENSENAS_SPACES)), fc.nat())
  .map(([space, seed]) => pictureOf(space, seed))

const draw = (picture: DenseNasPicture) => {
  const { document } = parseHTML(denseNasDiagram(picture))
  const all = (selector: string) => [...document.querySelectorAll(selector)]
  return { document, all, texts: (selector: string) => all(selector).map((each) => each.textContent) }
}

describe('denseNasDiagram', () => {
  it('draws every block and connection of a space once, and marks the path', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const { all } = draw(picture)
        const blocks = blocksOf(picture.space)
        const named = (selector: string, name: string) =>
          all(selector)
            .map((each) => each.getAttribute(`data-${name}`))
            .sort()
        const widths = picture.path.map((i) => String(blocks[i]!.width))
        expect(named('.block', 'block')).toEqual(blocks.map(({ width }) => String(width)).sort())
        expect(named('.block.chosen', 'block')).toEqual(widths.toSorted())
        expect(named('.connection', 'connection')).toEqual(
          blocks.flatMap(({ width, outputs }) => outputs.map((j) => `${width}-${blocks[j]!.width}`)).sort(),
        )
        expect(named('.connection.chosen', 'connection')).toEqual(
          widths
            .slice(1)
            .map((width, step) => `${widths[step]}-${width}`)
            .sort(),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('lists the layers of every block on the path, and leaves a gap for each that was skipped', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const { all, texts } = draw(picture)
        const layers = picture.genotype.blocks.flatMap(({ head, stack }) => [head, ...stack])
        expect(texts('.layer:not(.skipped) text')).toEqual([...layers.map(operationLabel), '1×1'])
        const possible = picture.path.slice(0, -1).map((i) => 1 + blocksOf(picture.space)[i]!.layers)
        expect(all('.skipped')).toHaveLength(possible.reduce((a, b) => a + b) - layers.length)
      }),
      { numRuns: 30 },
    )
  })

  it('draws a likely connection stronger than an unlikely one, and says how likely each is', () => {
    const picture = pictureOf(DENSENAS_SPACES['densenas-tiny'], 0)
    const probabilities = blocksOf(picture.space).map(({ outputs }) =>
      outputs.length === 2 ? [0.9, 0.1] : outputs.map(() => 1),
    )
    const { all, texts } = draw({ ...picture, path: [0, 2, 4, 5], probabilities })
    const opacity = (name: string) =>
      Number(all(`[data-connection="${name}"] path`)[0]!.getAttribute('stroke-opacity'))
    expect(opacity('16-24')).toBeGreaterThan(2 * opacity('16-32'))
    expect(texts('[data-connection="16-32"] title')).toEqual(['16 → 32: 10 %'])
    expect(texts('.probability')).toEqual(['10 %', '10 %', '100 %'])
  })

  it('keeps everything inside the picture', () => {
    fc.assert(
      fc.property(anyPicture, (picture) => {
        const { document, all } = draw(picture)
        const [, , width, height] = document
          .querySelector('svg')!
          .getAttribute('viewBox')!
          .split(' ')
          .map(Number)
        const numbers = (name: string) => (each: { getAttribute(name: string): string | null }) =>
          Number(each.getAttribute(name) ?? 0)
        for (const rect of all('rect')) {
          const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((name) => numbers(name)(rect))
          expect(x! >= 0 && y! >= 0 && x! + w! <= width! && y! + h! <= height!).toBe(true)
        }
        const curves = all('.connection path').map((path) => path.getAttribute('d')!)
        const points = curves.flatMap((d) => [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)])
        expect(points).toHaveLength(4 * curves.length)
        for (const [, x, y] of points) {
          expect(Number(x) >= 0 && Number(x) <= width!).toBe(true)
          expect(Number(y) >= 0 && Number(y) <= height!).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells the path to people who cannot see it', () => {
    const space = DENSENAS_SPACES['densenas-tiny']
    const genotype = genotypeOf(space, {
      path: [0, 2, 4, 5],
      heads: [0, 1, 0],
      stacks: [[2], [3], []],
    })
    const { document } = draw({ space, image: 32, genotype, path: [0, 2, 4, 5] })
    expect(document.querySelector('svg')!.getAttribute('aria-label')).toBe(
      'The path through 3 of 5 blocks. 8 channels at 16×16: k3e1. 24 channels at 8×8: k3e3, k5e3. 48 channels at 4×4: k3e6. 128 channels at 4×4: 1×1 convolution.',
    )
  })
})
