import { expect, test } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { topformer as functions } from '../../../functions/topformer/index.ts'
import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { topformer as simulated } from '../../../local/simulator/pipelines/topformer/index.ts'
import { simulate } from '../../../local/simulator/simulate.ts'
import { contracts } from '../../../nas/pipelines/index.ts'
import { topformer } from '../../../nas/pipelines/topformer/index.ts'
import { simulatorOf } from './mutants/mutant.ts'
import { own } from './mutants/topformer.ts'

contracts.register('topformer', topformer)
pipelines.register('topformer', functions)
simulatedPipelines.register('topformer', simulated)

test.each([...Array(15).keys()])(
  'keeps every promise and ends as the run without faults: seed %i',
  async (seed) => {
    const { violations } = await simulate('topformer', seed)
    expect(violations).toEqual([])
  },
)

test.each(Object.entries(own).filter(([, mutant]) => 'product' in mutant))(
  'a defect is found: %s',
  async (_, mutant) => {
    const simulateMutant = await simulatorOf(mutant)
    for (let seed = 0; seed < 60; seed++) {
      const { violations } = await simulateMutant('topformer', seed)
      if (!violations.some((line) => mutant.breaks.test(line))) continue
      expect((await simulate('topformer', seed)).violations).toEqual([])
      return
    }
    expect.fail('not within 60 seeds')
  },
)
