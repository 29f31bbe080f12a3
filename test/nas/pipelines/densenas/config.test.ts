import { describe, expect, it } from 'vitest'
import { spaceOf } from '../../../../nas/pipelines/densenas/config.ts'
import { parseConfig } from '../../../../nas/pipelines/parse-config.ts'
import { DENSENAS_SPACES } from '../../../../nas/spaces/densenas/presets.ts'
import { aConfig, minimal } from './example.ts'

const refusal = (raw: unknown): string => {
  try {
    parseConfig(raw, 'it')
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-config', fix: expect.any(String) })
    return (error as Error).message
  }
  return 'accepted'
}

describe('a configuration of densenas', () => {
  it('needs only a dataset, and is then a search in the small preset by latency', () => {
    const config = parseConfig({ pipeline: 'densenas', dataset: { kind: 'shapes' } }, 'it')
    expect(config).toMatchObject({ image: 32, space: { preset: 'densenas-cifar' } })
    expect(config).toMatchObject({ search: { cost: { kind: 'latency', estimate: 'chained' } } })
  })

  it('has the optimisers of the paper (section 4.1)', () => {
    const { search } = aConfig()
    expect(search.weights).toEqual({
      learningRate: 0.2,
      finalLearningRate: 1e-4,
      momentum: 0.9,
      weightDecay: 4e-5,
    })
    expect(search.architecture).toEqual({ learningRate: 3e-4, betas: [0.5, 0.999], weightDecay: 1e-3 })
    expect(search.labelSmoothing).toBe(0.1)
  })

  it('searches the weights alone for three fifths of its epochs, as the paper, or for as many as are given', () => {
    expect(aConfig('search.epochs=250').search.architectureFrom).toBe(150)
    expect(aConfig('search.epochs=1').search.architectureFrom).toBe(0)
    expect(aConfig('search={epochs: 9, architectureFrom: 8}').search.architectureFrom).toBe(8)
  })

  it('is a fixed point: what was validated validates to itself', () => {
    const whole = `space=${JSON.stringify(DENSENAS_SPACES['densenas-cifar'])}`
    for (const config of [aConfig(), aConfig(whole, 'budget.hours=3', 'augmentation.kind=googlenet')])
      expect(parseConfig(JSON.parse(JSON.stringify(config)), 'again')).toEqual(config)
  })

  it('holds a space by its name or as it is', () => {
    const cifar = DENSENAS_SPACES['densenas-cifar']
    expect(spaceOf(aConfig('space.preset=densenas-cifar'))).toEqual(cifar)
    expect(spaceOf(aConfig(`space=${JSON.stringify(cifar)}`))).toEqual(cifar)
  })

  it.each([
    [
      { space: { preset: 'densenas-cifr' } },
      'space.preset: there is no space "densenas-cifr"; the nearest is densenas-cifar',
    ],
    [{ space: { prest: 'densenas-cifar' } }, 'unknown key space.prest, did you mean preset?'],
    [{ space: { ...DENSENAS_SPACES['densenas-tiny'], reach: 0 } }, 'space.reach: '],
    [{ space: { ...DENSENAS_SPACES['densenas-tiny'], stages: [] } }, 'space.stages: '],
    [
      {
        space: {
          ...DENSENAS_SPACES['densenas-tiny'],
          stages: DENSENAS_SPACES['densenas-tiny'].stages.map(({ layers, ...stage }) => ({
            ...stage,
            layer: layers,
          })),
        },
      },
      'unknown key space.stages.0.layer, did you mean layers?',
    ],
    [
      {
        space: {
          ...DENSENAS_SPACES['densenas-tiny'],
          stages: [
            { stride: 2, widths: [1], layers: 0 },
            ...[2, 3].map((n) => ({
              stride: 2,
              widths: Array.from({ length: 60 }, (_, i) => 100 * n + i),
              layers: 0,
            })),
          ],
        },
      },
      'space.stages.2: 121 blocks, where 64 are the most',
    ],
    [{ image: 4096, search: { batch: 1000 } }, 'image: a batch of such images has more than'],
    [{ image: 30 }, 'image: 30 is no multiple of 8, the last stride of the space'],
    [
      { search: { epochs: 5, architectureFrom: 5 } },
      'search.architectureFrom: the architecture would never be searched',
    ],
    [{ dataset: { kind: 'street' } }, 'dataset.kind is not one of class-folders, shapes; street is for dpc'],
    [{ retrain: { seeds: [0, 0] } }, 'retrain.seeds: name each seed once'],
    [{ budget: {} }, 'budget: give at least one limit'],
    [
      { augmentation: { kind: 'googlenet', area: [1, 0.5] } },
      'augmentation.area: the first number is the smallest',
    ],
    [{ rerank: { top: 3 } }, 'unknown key rerank, did you mean retrain?'],
  ])('refuses %j', (change, complaint) => {
    expect(refusal({ ...minimal, ...change })).toContain(complaint)
  })
})
