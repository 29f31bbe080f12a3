import { describe, expect, test } from 'vitest'
import { contentHash } from '../../../../nas/hash.ts'
import { modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import { backboneKey, featuresKey } from '../../../../nas/pipelines/auto-fpn/inputs.ts'
import { detectorSpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { aConfig, aRun } from './example.ts'

describe('a detector of two stages', () => {
  test('is what there was before there were others: its trials and inputs have the keys that they had', () => {
    const run = aRun('a')
    expect(aRun('a', 'detector.kind=two-stage').config).toEqual(run.config)
    expect(Object.keys(run.config.detector)).not.toContain('kind')
    expect([backboneKey(run), featuresKey(run), contentHash(detectorSpec(run, null, 0))]).toEqual(KEYS)
  })
})

/** By the version before one-stage detectors. */
const KEYS = [
  '35e4b1a00cd4948fc4284af5a506ba03',
  '9a50f8956dc95d6ff32932feedf59b4f',
  'a19ac6779131da32ca703395a28895a8',
]

describe('a detector of one stage', () => {
  const oneStage = 'detector={ kind: one-stage, levels: 4 }'

  test('has a neck that is searched, and no head', () => {
    expect(modulesOf(aConfig(oneStage))).toEqual(['neck'])
    expect(() => aConfig(oneStage, 'search.modules=head')).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringContaining(
          'search.modules: of a one-stage detector the neck alone is searched',
        ),
      }),
    )
  })

  test('has features of its own, as it reads other levels of a backbone', () => {
    const weights = 'backbone={ weights: w.safetensors }'
    expect(featuresKey(aRun('a', weights, oneStage))).not.toBe(featuresKey(aRun('a', weights)))
  })

  test.each([
    ['[64, 64]', 4],
    ['[33, 65]', 5],
    ['[512, 512]', 7],
  ])('has on images of %s at most %i levels, each smaller than the one before', (image, most) => {
    const withLevels = (levels: number) =>
      aConfig(`image=${image}`, `detector={ kind: one-stage, levels: ${levels} }`)
    expect(withLevels(most).detector).toMatchObject({ levels: most })
    expect(() => withLevels(most + 1)).toThrow(/detector\.levels: images are too small for so many levels/)
  })
})
