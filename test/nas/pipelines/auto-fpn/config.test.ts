import { describe, expect, test } from 'vitest'
import { checkEvolution } from '../../../../cli/pipelines/auto-fpn/evolution.ts'
import { contentHash } from '../../../../nas/hash.ts'
import { modulesOf } from '../../../../nas/pipelines/auto-fpn/config.ts'
import { backboneKey, featuresKey } from '../../../../nas/pipelines/auto-fpn/inputs.ts'
import { spaceOf } from '../../../../nas/pipelines/auto-fpn/run.ts'
import { autoFpnSize } from '../../../../nas/pipelines/auto-fpn/size.ts'
import { detectorSpec, proxySpec } from '../../../../nas/pipelines/auto-fpn/specs.ts'
import { random } from '../../../../nas/random.ts'
import { aConfig, aRun } from './example.ts'

describe('a detector of two stages', () => {
  test('is what there was before there were others: its trials and inputs have the keys that they had', () => {
    const run = aRun('a')
    expect(aRun('a', 'detector.kind=two-stage').config).toEqual(run.config)
    expect(Object.keys(run.config.detector)).not.toContain('kind')
    expect([backboneKey(run), featuresKey(run), contentHash(detectorSpec(run, null, 0))]).toEqual(KEYS)
  })
})

/** Of contract 4; the version before one-stage detectors had the like, of contract 3. */
const KEYS = [
  'c1e549b9c1c7cf87288aa138cfce85a8',
  '7b73c78b769dd539180b4131cda72eb8',
  'b62195453f6df8e380f2df2e2561a6d2',
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

describe('evolution', () => {
  const evolution = 'baselines.evolution={ evaluations: 7, perRound: 3, population: 3, steps: 600 }'

  test('is no baseline unless it is asked for, nor of a transfer', () => {
    expect(aConfig().baselines).not.toHaveProperty('evolution')
    expect(() => aConfig('search.genotype=another-run', evolution)).toThrow(
      /baselines\.evolution: evolution searches, and with search\.genotype nothing is searched/,
    )
  })

  test('has children: its population is smaller than what it evaluates', () => {
    checkEvolution(aConfig(evolution))
    expect(() => checkEvolution(aConfig(evolution, 'baselines.evolution.population=7'))).toThrow(
      /a population of 7 has no children within 7 evaluations/,
    )
  })

  test('has trials that are no full trainings, also where they are as long', () => {
    const run = aRun('a', evolution, 'retrain.steps=600')
    const genotype = spaceOf(run).sample(random(0))
    const { kind: _, ...short } = proxySpec(run, genotype)
    const { kind: __, ...full } = detectorSpec(run, genotype, run.config.seed)
    expect(short).toEqual(full)
    expect(contentHash(proxySpec(run, genotype))).not.toBe(contentHash(detectorSpec(run, genotype, 0)))
  })

  test('counts in the size of a search: its rounds, and its best among the detectors that are compared', () => {
    const size = { trials: 1, perRound: 1, contenders: 4 }
    expect(autoFpnSize(aConfig())).toMatchObject(size)
    expect(autoFpnSize(aConfig(evolution))).toMatchObject({ trials: 9, perRound: 3, contenders: 5 })
  })
})
