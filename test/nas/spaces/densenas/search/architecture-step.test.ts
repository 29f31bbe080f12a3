import { describe, expect, it } from 'vitest'
import { random } from '../../../../../nas/random.ts'
import { DENSENAS_SPACES } from '../../../../../nas/spaces/densenas/presets.ts'
import { relax } from '../../../../../nas/spaces/densenas/relaxation.ts'
import {
  type ArchitectureState,
  architectureStep,
  initialArchitecture,
} from '../../../../../nas/spaces/densenas/search/architecture-step.ts'
import { sampleOperations } from '../../../../../nas/spaces/densenas/search/sample.ts'
import { parametersOf } from '../parameters.ts'

const space = DENSENAS_SPACES['densenas-cifar']
const options = { learningRate: 0.1, betas: [0.5, 0.999], weightDecay: 1e-3 } as const

describe('a step of the architecture', () => {
  it('leaves the probabilities of what was not sampled, over many steps', () => {
    const rng = random(1)
    let state: ArchitectureState = initialArchitecture(space)
    for (let step = 0; step < 50; step++) {
      const before = relax(state.parameters)
      const sample = sampleOperations(before, 2, rng)
      const slopes = parametersOf(space, rng.normal)
      state = architectureStep(state, slopes, sample, options)
      const after = relax(state.parameters)
      for (const kind of ['head', 'stack'] as const)
        for (const [block, layers] of sample[kind].entries())
          for (const [index, sampled] of layers.entries())
            for (const [o, weight] of before[kind][block]![index]!.entries()) {
              const now = after[kind][block]![index]![o]!
              if (!sampled.includes(o)) expect(Math.abs(now - weight)).toBeLessThan(1e-12)
              else if (sampled.length > 1) expect(now).not.toBe(weight)
            }
    }
  })

  it('is Adam: the first step goes against the slope by the learning rate, whatever its length', () => {
    const start = initialArchitecture(space)
    const slopes = parametersOf(space, random(2).normal)
    const none = sampleOperations(relax(start.parameters), 2, random(3))
    const { parameters } = architectureStep(start, slopes, none, options)
    for (const [block, beta] of parameters.beta.entries())
      for (const [k, value] of beta.entries())
        expect(value).toBeCloseTo(-0.1 * Math.sign(slopes.beta[block]![k]!), 6)
  })

  it('remembers: a second step is that of moments corrected for their start at 0', () => {
    const [g1, g2] = [0.3, -0.2]
    const tiny = DENSENAS_SPACES['densenas-tiny']
    const constant = (value: number) => parametersOf(tiny, () => value)
    const start = initialArchitecture(tiny)
    const sample = sampleOperations(relax(start.parameters), 2, random(4))
    const adam = { ...options, weightDecay: 0 }
    const second = architectureStep(
      architectureStep(start, constant(g1), sample, adam),
      constant(g2),
      sample,
      adam,
    )
    const mean = (0.25 * g1 + 0.5 * g2) / (1 - 0.25)
    const deviation = Math.sqrt((0.000999 * g1 ** 2 + 0.001 * g2 ** 2) / (1 - 0.999 ** 2))
    expect(second.parameters.beta[0]![0]).toBeCloseTo(-0.1 - (0.1 * mean) / (deviation + 1e-8), 7)
  })
})
