import { describe, expect, it } from 'vitest'
import {
  classifierSpec,
  classifierSpecSchema,
  supernetSpec,
  supernetSpecSchema,
} from '../../../../nas/pipelines/densenas/specs.ts'
import { trialKey } from '../../../../nas/runs/trial.ts'
import { KNOWN_DENSENAS } from '../../../../nas/spaces/densenas/known.ts'
import { aRun } from './example.ts'

const network = { kind: 'densenas', genotype: KNOWN_DENSENAS['densenas-c'] } as const
const supernetKey = (...overrides: string[]) => trialKey(supernetSpec(aRun('r', ...overrides)))
const classifierKey = (...overrides: string[]) =>
  trialKey(classifierSpec(aRun('r', ...overrides), network, 0))

describe('the specs of densenas', () => {
  it('are what a job reads', () => {
    const supernet = supernetSpec(aRun('r'))
    expect(supernetSpecSchema.parse(JSON.parse(JSON.stringify(supernet)))).toEqual(supernet)
    const classifier = classifierSpec(aRun('r'), network, 1)
    expect(classifierSpecSchema.parse(JSON.parse(JSON.stringify(classifier)))).toEqual(classifier)
  })

  it.each([
    'seed=1',
    'image=64',
    'search.epochs=7',
    'search.weights.learningRate=0.1',
    'search.cost.lambda=0.2',
    'search.cost.kind=multiply-adds',
    'search.cost.batch=1',
    'search.cost.measurement=2',
    'space.preset=densenas-cifar',
    'augmentation={kind: crop, padding: 2}',
  ])('tell searches apart by %s', (override) => {
    expect(supernetKey(override)).not.toBe(supernetKey())
  })

  it.each(['name=other', 'retrain.epochs=9', 'baselines.random=1', 'budget.hours=9', 'store=elsewhere'])(
    'share a search whatever is %s',
    (override) => {
      expect(supernetKey(override)).toBe(supernetKey())
    },
  )

  it('share a training between searches', () => {
    expect(classifierKey('search.epochs=7', 'seed=3', 'baselines.random=1')).toBe(classifierKey())
    expect(classifierKey('retrain.labelSmoothing=0')).not.toBe(classifierKey())
  })

  it('train for so many epochs of all images, the last of them whole', () => {
    const { optimiser } = classifierSpec(aRun('r', 'retrain={epochs: 2, batch: 40}'), network, 0)
    // 90 images.
    expect(optimiser.steps).toBe(Math.ceil((2 * 90) / 40))
  })
})
