import type { ExecutionListItem } from '@aws-sdk/client-sfn'
import type { z } from 'zod'
import { searchesOf } from '../../infra/outputs.ts'
import { progressOf } from '../../nas/pipelines/progress.ts'
import { readLedger, totals } from '../../nas/runs/ledger.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { count, date, percent, usd } from '../../report/format.ts'
import { printJson, statusJson } from '../json.ts'
import { pipelineOf } from '../pipelines/index.ts'
import { describeRun } from '../summary.ts'
import { table } from '../table.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type DeployedOptions, machinesOf } from './deployed.ts'
import { executionsOf, parseExecutionName, runningFor } from './executions.ts'
import { list } from './list.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'
import { causeOf, takeSnapshot, viewOfSnapshot } from './snapshot.ts'

export interface StatusOptions extends DeployedOptions {
  readonly json?: boolean
}

/** How one run is, or the latest runs are. */
export async function status(run: string | undefined, { json, ...options }: StatusOptions): Promise<void> {
  if (run !== undefined)
    return onAwsRun(run, INSTEAD.look, () =>
      inCloud(options, async (cloud) => {
        if (json) printJson(statusJson, await statusFigures(cloud, run))
        else console.log(await statusOf(cloud, run))
      }),
    )
  if (json) return list({ ...options, json })
  return inCloud(options, async (cloud) => console.log(await statusOfAll(cloud)))
}

/** The state of one run in figures. */
export async function statusFigures(
  cloud: Cloud,
  name: string,
  now = Date.now,
): Promise<z.infer<typeof statusJson>> {
  const { execution, record, progress } = await takeSnapshot(cloud, name, now)
  const { phase, fraction = null, left = null, trials, best = null, usd: money } = progress
  const status = execution?.status?.toLowerCase() ?? 'forgotten'
  return {
    run: record.run,
    status,
    cause: execution === undefined || hasNoCause.has(status) ? null : await causeOf(cloud, execution),
    startedAt: new Date(record.startedAt).toISOString(),
    card: record.config.compute.card,
    phase: phase.name,
    fraction,
    secondsLeft: left,
    trials: trials.done,
    failed: trials.failed,
    best,
    usd: money.spent,
  }
}

const hasNoCause: ReadonlySet<string> = new Set(['running', 'succeeded'])

export async function statusOf(cloud: Cloud, name: string, now = Date.now): Promise<string> {
  const snapshot = await takeSnapshot(cloud, name, now)
  const { execution, record } = snapshot
  const { run } = record
  const state = execution?.status?.toLowerCase() ?? 'without an execution: AWS forgets those of 90 days ago'
  const ended = execution !== undefined && execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED'
  return [
    `Run ${run}, started ${date(record.startedAt)} on ${record.config.compute.card}: ${state}`,
    ...(execution?.status === 'SUCCEEDED'
      ? [await describeRun(cloud.store, record)]
      : viewOfSnapshot(snapshot).block.map((parts) => parts.join('  '))),
    ...(await rerankingsOf(cloud, record)),
    ...(ended ? [await causeOf(cloud, execution), `go on with: trellis resume ${run} --aws`] : []),
  ].join('\n')
}

async function rerankingsOf({ deployed, services }: Cloud, { run, config }: RunRecord): Promise<string[]> {
  const { rerank } = pipelineOf(config)
  const machine = rerank && machinesOf(deployed, config)[rerank.machine]
  const running = machine ? await runningFor(await services.sfn(), machine, run) : []
  return running.map(({ startDate }) => `being re-ranked since ${date(startDate!.getTime())}`)
}

const LATEST = 10

export async function statusOfAll(cloud: Cloud): Promise<string> {
  const latest = await latestOfAll(cloud)
  if (latest.length === 0) return `no run in ${cloud.deployed.name} in the last 90 days`
  const rows = await Promise.all(latest.map((execution) => rowOf(cloud, execution)))
  return [
    table([['run', 'status', 'started', 'tried', 'best', 'spent'], ...rows]),
    '',
    `in ${cloud.store.location}`,
  ].join('\n')
}

/** One execution a run: its latest. */
async function latestOfAll({ deployed, services }: Cloud): Promise<readonly ExecutionListItem[]> {
  const sfn = await services.sfn()
  const latest = new Map<string, ExecutionListItem>()
  for (const machine of Object.values(deployed.cards).flatMap(searchesOf)) {
    let seen = 0
    for await (const execution of executionsOf(sfn, machine)) {
      const { run } = parseExecutionName(execution.name!)
      if (!latest.has(run) && ++seen > LATEST) break
      if (!latest.has(run)) latest.set(run, execution)
    }
  }
  return [...latest.values()].sort((a, b) => b.startDate!.getTime() - a.startDate!.getTime()).slice(0, LATEST)
}

async function rowOf({ store }: Cloud, { name, status, startDate }: ExecutionListItem): Promise<string[]> {
  const { run } = parseExecutionName(name!)
  const { completed, best } = await progressOf(store, run)
  return [
    run,
    status!.toLowerCase(),
    date(startDate!.getTime()),
    count(completed),
    percent(best),
    usd(totals(await readLedger(store, run)).usd),
  ]
}
