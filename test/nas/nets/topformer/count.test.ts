import { describe, expect, it } from 'vitest'
import { fromTopformerConfig } from '../../../../nas/nets/topformer/config-file.ts'
import { countTopformer } from '../../../../nas/nets/topformer/count.ts'
import { TOPFORMERS } from '../../../../nas/nets/topformer/known.ts'
import { PUBLISHED } from './published.ts'

const CLASSES = 150

describe.each(PUBLISHED)('$name', ({ file, parameters, parts, at }) => {
  const network = fromTopformerConfig(file)

  it.each([...at])(
    'counts at $side pixels what the released code does',
    ({ side, multiplyAdds, mmcvFlops }) => {
      const counts = countTopformer(network, [3, side, side], CLASSES)
      expect(counts).toMatchObject({ parameters, multiplyAdds, mmcvFlops })
    },
  )

  it('counts its parts', () => {
    const { scopes } = countTopformer(network, [3, 512, 512], CLASSES)
    const found = Object.entries(scopes).map(([part, { multiplyAdds }]) => [part, multiplyAdds])
    expect(Object.fromEntries(found)).toEqual(parts)
  })
})

it('knows TopFormers by name as the files have them', () => {
  const [b, t] = PUBLISHED
  const widths = ({ stages }: (typeof TOPFORMERS)['topformer-b']) => stages
  expect(widths(TOPFORMERS['topformer-b'])).toEqual(fromTopformerConfig(b.file).stages)
  expect(widths(TOPFORMERS['topformer-t'])).toEqual(fromTopformerConfig(t.file).stages)
  const s = countTopformer(TOPFORMERS['topformer-s'], [3, 512, 512], CLASSES)
  expect(s.parameters).toBe(3034662)
  expect(s.mmcvFlops / 1e9).toBeCloseTo(1.1647, 3)
})

describe('a file', () => {
  const [{ file }] = PUBLISHED
  it.each([
    [{ embed_idx: [1, 4, 6, 9] }, /embed_idx: \[1,4,6,9\] are not the last rows.*\[2,4,6,9\]/],
    [{ channels: [32, 64, 128, 161] }, /channels: \[32,64,128,161\]/],
    [{ heads: [8, 8], mlp: [2, 2, 2] }, /config.mlp: 3 numbers, but heads has 2/],
    [{ cfg: [[4, 1, 16, 1]] }, /config.cfg/],
  ])('that has %j is refused', (changed, message) => {
    expect(() => fromTopformerConfig({ config: { ...file.config, ...changed } })).toThrow(message)
  })
})
