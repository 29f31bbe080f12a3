import type { CreateScheduleInput } from '@aws-sdk/client-scheduler'
import { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { paged } from '../../nas/paged.ts'
import { duration, usd } from '../../report/format.ts'
import { estimateOf } from '../estimate-run.ts'
import { findRunIn } from '../find-run.ts'
import { pipelineOf } from '../pipelines/index.ts'
import { table } from '../table.ts'
import { type Cloud, inCloud } from './cloud.ts'
import type { DeployedOptions } from './deployed.ts'
import { isNamed } from './errors.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'
import { rerankInput, rerankMachine } from './start-rerank.ts'

export interface ScheduleOptions extends DeployedOptions {
  readonly list?: boolean
  readonly off?: boolean
  readonly timeZone: string
  /** Dollars, as typed. */
  readonly usd?: string
}

/** Revises the ranking of a run at set times, lists such schedules, or ends one. */
export const schedule = (
  run: string | undefined,
  cron: string | undefined,
  options: ScheduleOptions,
): Promise<void> => {
  const what = request(run, cron, options)
  const work = () => inCloud(options, async (cloud) => console.log(await what(cloud)))
  return run === undefined ? work() : onAwsRun(run, INSTEAD.schedule, work)
}

type Request = (cloud: Cloud) => Promise<string>

function request(
  run: string | undefined,
  cron: string | undefined,
  { list, off, timeZone, usd: limit }: ScheduleOptions,
): Request {
  if (list && run === undefined) return listIn
  if (off && run !== undefined && cron === undefined) return (cloud) => switchOff(cloud, run)
  if (!list && !off && run !== undefined && cron !== undefined) {
    checkCron(cron)
    const terms = { timeZone, usd: limit === undefined ? undefined : dollars(limit) }
    return (cloud) => scheduleIn(cloud, run, cron, terms)
  }
  throw new TrellisError('invalid-config', 'schedule what?', {
    fix: "trellis schedule <run> '0 3 * * ? *', trellis schedule <run> --off, or trellis schedule --list",
  })
}

function checkCron(cron: string): void {
  if (/^\S+( \S+){5}$/.test(cron)) return
  throw new TrellisError('invalid-config', `${cron} is no cron expression of EventBridge`, {
    fix: "give six fields: minutes, hours, day of month, month, day of week, year; '0 3 * * ? *' is each night at three",
  })
}

function dollars(text: string): number {
  const parsed = z.coerce.number().positive().safeParse(text)
  if (parsed.success) return parsed.data
  throw new TrellisError('invalid-config', `--usd ${text} is no number of dollars`, {
    fix: 'give what the run may cost in all, e.g. --usd 200',
  })
}

/** Where and how far it may go. */
interface Terms {
  readonly timeZone: string
  /** Dollars that the run may cost in all: beyond them, no re-ranking begins. */
  readonly usd?: number | undefined
}

export async function scheduleIn(
  { deployed, store, services }: Cloud,
  name: string,
  cron: string,
  { timeZone, usd: limit }: Terms,
): Promise<string> {
  const record = await findRunIn(store, name)
  const { run } = record
  const { config, dataset } = record
  const input: CreateScheduleInput = {
    Name: run,
    GroupName: deployed.ScheduleGroup,
    Description: `Trellis: re-rank the leaderboard of ${run}`,
    ScheduleExpression: `cron(${cron})`,
    ScheduleExpressionTimezone: timeZone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: rerankMachine(deployed, record),
      RoleArn: deployed.ScheduleRole,
      Input: rerankInput(record, limit),
    },
  }
  const scheduler = await services.scheduler()
  try {
    await scheduler.createSchedule(input)
  } catch (error) {
    if (!isNamed(error, 'ConflictException')) throw asConfigError(error, cron)
    await scheduler.updateSchedule(input)
  }
  const pipeline = pipelineOf(config)
  const { gpuHours, usd: most } = pipeline.comparison(estimateOf(pipeline, config, dataset, 'aws'))
  return [
    `${run} is re-ranked at cron(${cron}), ${timeZone}; trellis schedule ${run} --off ends that`,
    `each time its dataset has changed, that takes about ${duration(gpuHours * 3600)} of jobs, ${usd(most)}; otherwise nothing`,
    limit === undefined
      ? 'there is no limit to that in all: set one with --usd'
      : `none begins once the run has cost ${usd(limit)} in all`,
  ].join('\n')
}

/** What else AWS finds wrong with a schedule is its expression or its time zone. */
function asConfigError(error: unknown, cron: string): unknown {
  if (!isNamed(error, 'ValidationException')) return error
  const { message } = error as Error
  return new TrellisError('invalid-config', `cron(${cron}): ${message}`, {
    fix: 'correct the expression, or the time zone',
    cause: error,
  })
}

export async function switchOff({ deployed, services }: Cloud, run: string): Promise<string> {
  try {
    await (await services.scheduler()).deleteSchedule({ Name: run, GroupName: deployed.ScheduleGroup })
  } catch (cause) {
    if (!isNamed(cause, 'ResourceNotFoundException')) throw cause
    throw new TrellisError('not-found', `there is no schedule for ${run}`, {
      fix: 'trellis schedule --list',
      cause,
    })
  }
  return `${run} is not re-ranked any more`
}

export async function listIn({ deployed, services }: Cloud): Promise<string> {
  const scheduler = await services.scheduler()
  const GroupName = deployed.ScheduleGroup
  const summaries = paged('schedules', async (NextToken) => {
    const page = await scheduler.listSchedules({ GroupName, NextToken })
    return { items: page.Schedules, next: page.NextToken }
  })
  const rows: string[][] = []
  for await (const { Name } of summaries) {
    const { ScheduleExpression, ScheduleExpressionTimezone, Target } = await scheduler.getSchedule({
      Name,
      GroupName,
    })
    rows.push([runIn(Target?.Input), ScheduleExpression ?? '', ScheduleExpressionTimezone ?? 'UTC', Name!])
  }
  if (rows.length === 0) return `no schedules in ${deployed.name}`
  return table([['run', 'when', 'time zone', 'schedule'], ...rows])
}

const runIn = (input = '{}'): string => (JSON.parse(input) as { run?: string }).run ?? '?'
