import {
  ConflictException,
  type CreateScheduleInput,
  ResourceNotFoundException,
} from '@aws-sdk/client-scheduler'
import { beforeEach, describe, expect, test } from 'vitest'
import { listIn, schedule, scheduleIn, switchOff } from '../../../cli/aws/schedule.ts'
import type { Scheduler } from '../../../cli/aws/services/scheduler.ts'
import { start } from '../../functions/machine.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { deployed, type FakeCloud, fakeCloud, ofDpc } from './fake-cloud.ts'
import { pageOf } from './fake-sfn.ts'

const EACH_NIGHT = '0 3 * * ? *'

let schedules: CreateScheduleInput[]
const find = (name: string | undefined) => {
  const found = schedules.find(({ Name }) => Name === name)
  if (found !== undefined) return found
  throw new ResourceNotFoundException({
    message: `Schedule ${name} does not exist.`,
    Message: '',
    $metadata: {},
  })
}
const scheduler: Scheduler = {
  async createSchedule(input) {
    if (schedules.some(({ Name }) => Name === input.Name))
      throw new ConflictException({ message: 'exists', Message: '', $metadata: {} })
    schedules.push(input)
    return { ScheduleArn: '' }
  },
  async updateSchedule(input) {
    Object.assign(find(input.Name), input)
    return { ScheduleArn: '' }
  },
  async getSchedule({ Name }) {
    return find(Name)
  },
  async deleteSchedule({ Name }) {
    schedules.splice(schedules.indexOf(find(Name)), 1)
    return {}
  },
  async listSchedules({ GroupName, NextToken }) {
    const page = pageOf(
      schedules.filter((each) => each.GroupName === GroupName),
      NextToken,
    )
    return { Schedules: page.items.map(({ Name }) => ({ Name })), NextToken: page.next }
  },
}

let cloud: FakeCloud
beforeEach(async () => {
  schedules = []
  cloud = fakeCloud({ scheduler: async () => scheduler })
  for (const run of ['a', 'b', 'c']) await start(cloud.store, aRun(run, 'compute={card: t4, concurrency: 3}'))
})

describe('schedule', () => {
  test('starts the machine of the run’s card that re-ranks, with the role of the deployment', async () => {
    await scheduleIn(cloud, 'a', EACH_NIGHT, { timeZone: 'Europe/Berlin' })
    expect(schedules).toMatchObject([
      {
        Name: 'a',
        GroupName: deployed.ScheduleGroup,
        ScheduleExpression: 'cron(0 3 * * ? *)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
        Target: { Arn: ofDpc.Revision, RoleArn: deployed.ScheduleRole, Input: '{"run":"a","concurrency":3}' },
      },
    ])
  })

  test('says what a re-ranking takes, and passes on what the run may cost in all', async () => {
    const unlimited = await scheduleIn(cloud, 'a', EACH_NIGHT, { timeZone: 'UTC' })
    expect(unlimited).toMatch(/that takes about \S+.* of jobs, \$\d.*; otherwise nothing\n.*--usd/)
    const limited = await scheduleIn(cloud, 'a', EACH_NIGHT, { timeZone: 'UTC', usd: 200 })
    expect(limited).toContain('once the run has cost $200')
    expect(schedules[0]!.Target!.Input).toBe('{"run":"a","concurrency":3,"usd":200}')
  })

  test('asked again, it changes the schedule', async () => {
    await scheduleIn(cloud, 'a', EACH_NIGHT, { timeZone: 'UTC' })
    await scheduleIn(cloud, 'a', '0 4 * * ? *', { timeZone: 'UTC' })
    expect(schedules).toMatchObject([{ ScheduleExpression: 'cron(0 4 * * ? *)' }])
  })

  test('lists all, page by page, and none after they are off', async () => {
    for (const run of ['a', 'b', 'c']) await scheduleIn(cloud, run, EACH_NIGHT, { timeZone: 'UTC' })
    const lines = (await listIn(cloud)).split('\n')
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual(
      ['a', 'b', 'c'].map((run) => [run, 'cron(0 3 * * ? *)', 'UTC']),
    )
    for (const run of ['a', 'b', 'c']) await switchOff(cloud, run)
    expect(await listIn(cloud)).toBe('no schedules in trellis')
  })

  test('of a run that does not exist, or is not scheduled, says so', async () => {
    await expect(scheduleIn(cloud, 'x', EACH_NIGHT, { timeZone: 'UTC' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(switchOff(cloud, 'a')).rejects.toMatchObject({ code: 'not-found' })
  })

  test.each([
    [undefined, undefined, {}],
    ['a', undefined, {}],
    ['a', '0 3 * * *', {}],
    ['a', 'nightly', {}],
    ['a', EACH_NIGHT, { off: true }],
    ['a', undefined, { list: true }],
    [undefined, undefined, { off: true }],
    ['a', EACH_NIGHT, { usd: 'much' }],
    ['a', EACH_NIGHT, { usd: '0' }],
  ])('is refused before AWS is asked: %s %s %j', (run, cron, flags) => {
    expect(() => schedule(run, cron, { deployment: 'trellis', timeZone: 'UTC', ...flags })).toThrow(
      expect.objectContaining({ code: 'invalid-config' }),
    )
  })
})
