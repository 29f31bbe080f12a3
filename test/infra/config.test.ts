import { describe, expect, it } from 'vitest'
import { parseDeployment, readDeployment } from '../../infra/config.ts'
import { outputKey, parseOutputs } from '../../infra/outputs.ts'

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

  it.each([
    [{ card: 't4' }, 'card'],
    [{ zones: 1 }, 'zones'],
    [{ cards: ['t4', 't4'] }, 'cards'],
    [{ schedules: [{ run: 'r', cron: '0 3 * * *' }] }, 'schedules.0.cron'],
    [{ schedules: [{ run: 'r', card: 'l4' }] }, 'l4'],
  ])('%j is an error that names %s', (raw, named) => {
    expect(() => parseDeployment(raw, 'test')).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(named) }),
    )
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
  }

  it('are read back by card, and only of cards that are deployed', () => {
    const t4 = {
      Dpc: 'arn:dpc',
      DenseNas: 'arn:densenas',
      Rerank: 'arn:rerank',
      Edition: 'arn:edition',
      Queue: 'arn:queue',
    }
    const written = Object.entries(t4).map(([key, value]) => [outputKey('t4', key as keyof typeof t4), value])
    expect(parseOutputs({ ...shared, ...Object.fromEntries(written) })).toEqual({ ...shared, cards: { t4 } })
  })
})
