import { expect, it } from 'vitest'
import { dpcSize } from '../../../../nas/pipelines/dpc/size.ts'
import { aConfig } from './example.ts'

it('a search of cells has the size that its configuration asks for', () => {
  const config = aConfig('budget.trials=28000', 'search.perRound=370', 'rerank.top=50', 'rerank.seeds=[0, 1]')
  expect(dpcSize(config, 0)).toMatchObject({ trials: 28_000, perRound: 370, contenders: (50 + 1 + 1) * 2 })
  expect(dpcSize(aConfig('budget={gpuHours: 5}'), 77).trials).toBe(77)
})
