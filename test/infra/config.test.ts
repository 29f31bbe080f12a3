import { describe, expect, it } from 'vitest'
import { pipelines } from '../../functions/index.ts'
import { parseDeployment, readDeployment } from '../../infra/config.ts'
import { machinesAtMost } from '../../infra/machines-at-most.ts'
import { parseOutputs, writeOutputs } from '../../infra/outputs.ts'
import { searchSizeSchema } from '../../nas/runs/search-size.ts'

describe('a deployment', () => {
  it('needs nothing said', () => {
    expect(parseDeployment({}, 'test')).toMatchObject({ name: 'trellis', cards: ['t4'], spot: true })
  })

  it.each([
    ['v100', 'a10g'],
    ['p100', 't4'],
  ])('with %s is an error that names %s', (card, nearest) => {
    expect(() => parseDeployment({ cards: [card] }, 'test')).toThrow(
      expect.objectContaining({ code: 'unsupported', fix: expect.stringContaining(nearest) }),
    )
  })

  it('may have what AWS has retired, where an account still can, but not what AWS never had', () => {
    expect(parseDeployment({ cards: ['v100'], allowRetired: true }, 'test').cards).toEqual(['v100'])
    expect(() => parseDeployment({ cards: ['p100'], allowRetired: true }, 'test')).toThrow(/p100/)
  })

  it.each([1, 3, 16, 17, 40])('never rents more than %i cards, spot and on demand together', (maxCards) => {
    for (const cards of [1, 8])
      for (const spot of [true, false])
        for (const maxOnDemand of [undefined, 0, 5, 100]) {
          const most = machinesAtMost({ spot, maxCards, maxOnDemand }, { cards })
          expect((most.spot + most.onDemand) * cards).toBeLessThanOrEqual(maxCards)
          expect(most.spot + most.onDemand).toBe(Math.floor(maxCards / cards))
          if (spot && maxOnDemand !== undefined)
            expect(most.onDemand * cards).toBeLessThanOrEqual(maxOnDemand)
        }
  })

  it.each([
    [
      { cards: ['a100'], maxCards: 7 },
      'maxCards leaves no room for a machine with a100, p4d.24xlarge, which has 8',
    ],
    [{ cards: ['a100'], maxCards: 16, onDemandAfter: 3 }, 'maxOnDemand leaves no room'],
    [{ cards: ['a100'], maxCards: 8, maxOnDemand: 8, onDemandAfter: 3 }, 'maxCards without maxOnDemand'],
    [{ card: 't4' }, 'card'],
    [{ zones: 1 }, 'zones'],
    [{ cards: ['t4', 't4'] }, 'cards'],
    [{ schedules: [{ run: 'r', cron: '0 3 * * *' }] }, 'schedules.0.cron'],
    [{ schedules: [{ run: 'r', card: 'l4' }] }, 'l4'],
    [{ schedules: [{ run: 'r', pipeline: 'densenas' }] }, 'densenas revises no rankings'],
    [
      { schedules: [{ run: 'r', pipeline: 'constructor' }] },
      'r: there is no pipeline constructor; known: dpc, densenas, auto-fpn, topformer',
    ],
    [{ schedules: [{ run: 'r' }, { run: 'r', cron: '0 4 * * ? *' }] }, 'r: there is more than one schedule'],
    [{ search: { trials: 2 ** 53 - 1, perRound: 2 ** 53 - 1 } }, /search\.trials: .*; search\.perRound: /],
    [{ search: { trialsPerJob: 1_000_001 } }, 'search.trialsPerJob'],
  ])('%j is an error that names %s', (raw, named) => {
    expect(() => parseDeployment(raw, 'test')).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(named) }),
    )
  })

  it('names the pipeline of a schedule where several revise rankings', () => {
    expect(parseDeployment({ schedules: [{ run: 'r' }] }, 'test').schedules).toHaveLength(1)
    const { densenas } = Object.fromEntries(pipelines.all())
    const { definition } = densenas!
    const machines = { ...definition.machines, Revision: definition.machines.Search }
    pipelines.register('densenas', { ...densenas!, definition: { ...definition, machines } })
    try {
      expect(() => parseDeployment({ schedules: [{ run: 'r' }] }, 'test')).toThrow(
        expect.objectContaining({ code: 'invalid-config', fix: expect.stringContaining('dpc, densenas') }),
      )
      expect(
        parseDeployment({ schedules: [{ run: 'r', pipeline: 'densenas' }] }, 'test').schedules,
      ).toHaveLength(1)
    } finally {
      pipelines.register('densenas', densenas!)
    }
  })

  it('is read from a YAML file that must be there', () => {
    expect(() => readDeployment('/nowhere.yaml')).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining('/nowhere.yaml') }),
    )
  })
})

describe('outputs', () => {
  const shared = {
    Bucket: 'b',
    JobLogs: 'l',
    Dashboard: 'd',
    Alarms: 'a',
    ScheduleGroup: 'g',
    ScheduleRole: 'r',
    MaxCards: 16,
    SearchSize: searchSizeSchema.parse({ trials: 9 }),
  }
  const t4 = {
    Queue: 'arn:queue',
    machines: {
      dpc: { Search: 'arn:dpc', Rerank: 'arn:rerank', Revision: 'arn:revision' },
      densenas: { Search: 'arn:densenas' },
      'auto-fpn': { Search: 'arn:auto-fpn' },
      topformer: { Search: 'arn:topformer' },
    },
  }

  it('are read back by card, and only of cards that are deployed', () => {
    const written = writeOutputs({ ...shared, cards: { t4 } })
    expect(written).toMatchObject({ T4Queue: 'arn:queue', T4DpcRerank: 'arn:rerank' })
    expect(parseOutputs(written)).toEqual({ ...shared, cards: { t4 } })
  })

  it('of a stack that lacks a machine are of another version', () => {
    const { T4DensenasSearch: _, ...others } = writeOutputs({ ...shared, cards: { t4 } })
    expect(() => parseOutputs(others)).toThrow('T4DensenasSearch')
  })
})
