import { describe, expect, it } from 'vitest'
import { rankNetworks } from '../../../report/densenas/comparison.ts'
import { compared, sample } from './sample.ts'

const { comparison, search } = sample()
const { genotype } = search!.derived
const failing = { ...compared('random', 0.5, genotype), score: null, top5: null, parameters: null }

describe('rankNetworks', () => {
  it('ranks by score, failures last, each under a name of its own', () => {
    const { candidates } = rankNetworks({ ...comparison!, contenders: [failing, ...comparison!.contenders] })
    const names = candidates.map(({ name }) => name)
    expect(names.slice(0, 2)).toEqual(['the network found', 'MobileNetV2 × 0.83'])
    expect(names.at(-1)).toBe('random path 1')
    expect(new Set(names).size).toBe(names.length)
  })

  it('takes the random paths together, without those that failed', () => {
    const [mobileNet, random] = rankNetworks({
      ...comparison!,
      contenders: [...comparison!.contenders, failing],
    }).baselines
    expect(random).toMatchObject({ name: 'the mean of 5 random paths', baselines: { length: 5 } })
    expect(random!.score).toBeCloseTo((0.7391 + 0.7304 + 0.7418 + 0.7227 + 0.7352) / 5, 12)
    expect(mobileNet).toMatchObject({ name: 'MobileNetV2', score: 0.7519 })
  })

  it('says by how much a MobileNetV2 is no baseline at equal cost', () => {
    const contenders = comparison!.contenders.map((each) =>
      each.role === 'mobilenet-v2' ? { ...each, multiplyAdds: comparison!.winner.multiplyAdds / 2 } : each,
    )
    const [mobileNet] = rankNetworks({ ...comparison!, contenders }).baselines
    expect(mobileNet!.name).toBe('MobileNetV2 of 0.50 times the multiply-adds')
  })

  it('has no baselines where none was trained', () => {
    const [derived] = comparison!.contenders
    expect(rankNetworks({ ...comparison!, contenders: [derived!] }).baselines).toEqual([])
  })
})
