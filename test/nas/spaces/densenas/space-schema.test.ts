import { describe, expect, it } from 'vitest'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { denseNasSpaceSchema } from '../../../../nas/spaces/densenas/space-schema.ts'

const space = DENSENAS_SPACES['densenas-tiny']
const [fixed, ...others] = space.stages

const complaints = (changes: object): readonly string[] => {
  const { error } = denseNasSpaceSchema.safeParse({ ...space, ...changes })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the schema of spaces', () => {
  it.each(Object.entries(DENSENAS_SPACES))('takes the preset %s', (_, preset) => {
    expect(denseNasSpaceSchema.parse(preset)).toEqual(preset)
  })

  it.each([
    [{ stages: [{ ...fixed, widths: [8, 12] }, ...others] }, 'stages.0: the first stage is the fixed block'],
    [{ stages: [{ ...fixed, layers: 1 }, ...others] }, 'stages.0: the first stage is the fixed block'],
    [
      { stages: [fixed, { stride: 8, widths: [16], layers: 1 }] },
      'stages.1: stride 8 neither equals nor doubles',
    ],
    [{ stages: [fixed, { stride: 4, widths: [24, 16], layers: 1 }] }, 'stages.1: width 16 is not more than'],
    [{ stages: [fixed, { stride: 4, widths: [8], layers: 1 }] }, 'stages.1: width 8 is not more than'],
    [{ operations: ['mbconv_k3_t3', 'mbconv_k3_t3'] }, 'operations: an operation is named twice'],
    [{ operations: ['bottle_neck'] }, 'operations.0: there is no operation "bottle_neck"'],
    [{ reach: 0 }, 'reach: '],
    [{ stages: [fixed] }, 'stages: '],
  ])('refuses %j', (changes, complaint) => {
    expect(complaints(changes)).toEqual([expect.stringContaining(complaint)])
  })
})
