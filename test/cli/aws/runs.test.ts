import { beforeEach, describe, expect, test, vi } from 'vitest'
import { resumeIn } from '../../../cli/aws/resume.ts'
import { startExecution } from '../../../cli/aws/start-execution.ts'
import { startRerank } from '../../../cli/aws/start-rerank.ts'
import { statusFigures, statusOf, statusOfAll } from '../../../cli/aws/status.ts'
import { stopIn } from '../../../cli/aws/stop.ts'
import { watchIn } from '../../../cli/aws/watch.ts'
import type { Terminal, View } from '../../../cli/terminal.ts'
import { featuresKeys } from '../../../nas/runs/inputs.ts'
import { putLedgerEntry } from '../../../nas/runs/ledger.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import { runMachine, servicesOf } from '../../functions/dpc/machine.ts'
import { start } from '../../functions/machine.ts'
import { aRun as aDenseNasRun } from '../../nas/pipelines/densenas/example.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { aJob, type FakeCloud, fakeCloud, ofDpc, t4 } from './fake-cloud.ts'

const record = aRun(
  'street-1',
  'compute.card=t4',
  'compute.concurrency=4',
  'budget={trials: 6, usd: 10}',
  'search.perRound=4',
  'search.trialsPerJob=2',
  'rerank.top=2',
)
const HOUR = 3_600_000

let cloud: FakeCloud
beforeEach(async () => {
  cloud = fakeCloud()
  await start(cloud.store, record)
})

/** An hour of a job at half a dollar. */
const spend = (jobId: string) =>
  putLedgerEntry(cloud.store, 'street-1', {
    job: 'proxy-task',
    jobId,
    attempt: 1,
    trials: 2,
    card: 't4',
    usdPerHour: 0.5,
    basis: 'test',
    startedAt: 0,
    seenAt: HOUR,
    outcome: 'succeeded',
  })

/** The first round, half of whose shards are done. */
async function halfARound() {
  await startExecution(cloud.sfn, ofDpc.Search, record, 1)
  const call = servicesOf(cloud.store)
  await call.Propose({ run: 'street-1', round: 0 })
  const { features } = await call.Prepare({ run: 'street-1' })
  await cloud.store.put(featuresKeys(features).manifest, jsonBytes(manifest(features)))
  cloud.sfn.mapRuns.push(mapRun({ total: 2, succeeded: 1, running: 1 }))
  await spend('a')
}

const split = { image: [33, 65], shards: [{ key: 'x', samples: 4 }] }
const manifest = (features: string) => ({ features, channels: 320, train: split, validation: split })

const mapRun = (items: { total: number; succeeded?: number; running?: number }, stopDate?: Date) => {
  const counts = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    resultsWritten: 0,
    ...items,
  }
  return {
    executionArn: cloud.sfn.executions[0]!.executionArn!,
    mapRunArn: `map-${cloud.sfn.mapRuns.length}`,
    status: stopDate ? 'SUCCEEDED' : 'RUNNING',
    startDate: new Date(0),
    stopDate,
    maxConcurrency: 4,
    toleratedFailurePercentage: 0,
    toleratedFailureCount: 0,
    itemCounts: counts,
    executionCounts: counts,
  } as const
}

describe('status', () => {
  test('of a run in a round: its phase, shards, trials, and what is spent and left', async () => {
    await halfARound()
    const text = await statusOf(cloud, 'street-1', () => 2 * HOUR)
    expect(text).toContain('Run street-1, started 1970-01-01 00:00 UTC on t4: running')
    expect(text).toContain('search')
    expect(text).toContain('4/8 trials')
    expect(text).toContain('round 1, 2 shards: 1 done, 1 running')
    expect(text).toContain('$0.50 spent, $9.50 left')
    expect(text).toContain('2 h 00 min so far')
    // Of six candidates and two baselines, four took an hour of jobs.
    expect(text).toContain('about 1 h 00 min left')
  })

  test('finds the open round behind a page of closed ones', async () => {
    await halfARound()
    cloud.sfn.mapRuns.unshift(mapRun({ total: 9 }, new Date()), mapRun({ total: 9 }, new Date()))
    expect(await statusOf(cloud, 'street-1', () => HOUR)).toContain('round 1, 2 shards: 1 done')
  })

  test('of a run that failed: why, and how to go on', async () => {
    await halfARound()
    cloud.sfn.end('street-1', 'FAILED', 'the bucket\n is gone')
    const text = await statusOf(cloud, 'street-1')
    expect(text).toContain(': failed')
    expect(text).toContain('the bucket is gone')
    expect(text).toContain('trellis resume street-1 --aws')
  })

  test('of a run whose job has failed: what the job said last', async () => {
    const events = [{ message: 'runs/street-1/config.json does not exist (resume the run)\n' }]
    const asked: unknown[] = []
    const ofLogs = fakeCloud({
      logs: async () => ({
        getLogEvents: async (request) => {
          asked.push(request)
          return { events }
        },
      }),
    })
    await start(ofLogs.store, record)
    await startExecution(ofLogs.sfn, ofDpc.Search, record, 1)
    ofLogs.sfn.end('street-1', 'FAILED', 'Essential container in task exited (log stream train/default/0a1b)')
    const text = await statusOf(ofLogs, 'street-1')
    expect(text).toContain(
      'exited (log stream train/default/0a1b): runs/street-1/config.json does not exist (resume the run)',
    )
    expect(asked).toEqual([{ logGroupName: '/trellis/jobs', logStreamName: 'train/default/0a1b', limit: 1 }])
  })

  test('of a run that is finished: what it found, and no phase that waits', async () => {
    await runMachine(cloud.store, 'street-1')
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    cloud.sfn.end('street-1', 'SUCCEEDED')
    const text = await statusOf(cloud, 'street-1')
    expect(text).toContain('on t4: succeeded\nRun street-1 is finished: ')
    expect(text).not.toContain(' 0 %')
    expect(await statusFigures(cloud, 'street-1')).toMatchObject({
      status: 'succeeded',
      fraction: 1,
      trials: 4,
    })
  })

  test('of a run whose execution AWS has forgotten is what the store knows', async () => {
    await runMachine(cloud.store, 'street-1')
    expect(await statusOf(cloud, 'street-1')).toContain('without an execution')
  })

  test('of a run that does not exist names those that do', async () => {
    await expect(statusOf(cloud, 'street-2')).rejects.toMatchObject({
      code: 'not-found',
      fix: 'did you mean street-1? Known: street-1',
    })
  })

  test('without a name lists each run once, by its latest execution, over pages', async () => {
    const names = ['a', 'b', 'c', 'street-1']
    for (const run of names) await startExecution(cloud.sfn, ofDpc.Search, { ...record, run }, 1)
    cloud.sfn.end('street-1', 'FAILED')
    await startExecution(cloud.sfn, ofDpc.Search, record, 2)
    const lines = (await statusOfAll(cloud)).split('\n')
    expect(lines.slice(-2)).toEqual(['', 'in memory:'])
    expect(lines).toHaveLength(1 + names.length + 2)
    expect(lines.filter((line) => line.startsWith('street-1'))).toEqual([expect.stringContaining('running')])
  })
})

describe('watch', () => {
  const shown: View[] = []
  const terminal: Terminal = {
    show: (view) => {
      shown.push(view)
    },
    note: () => {},
    close: () => {},
  }
  beforeEach(() => {
    shown.length = 0
  })

  test('shows a run until it ends, then what it found', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await halfARound()
    let waits = 0
    await watchIn(cloud, 'street-1', {
      terminal,
      wait: async () => {
        if (++waits < 2) return
        await runMachine(cloud.store, 'street-1')
        cloud.sfn.end('street-1', 'SUCCEEDED')
      },
    })
    expect(shown).toHaveLength(2)
    expect(shown[0]!.line).toContain('round 1, 2 shards')
    expect(log.mock.calls.at(-1)![0]).toContain('Run street-1 is finished')
    log.mockRestore()
  })

  test('counts the trials of full training by the shards of the re-ranking', async () => {
    await runMachine(cloud.store, 'street-1')
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    await cloud.sfn.startExecution({ stateMachineArn: ofDpc.Rerank, name: 'x', input: '{"run":"street-1"}' })
    cloud.sfn.mapRuns.push(mapRun({ total: 4, succeeded: 1, running: 3 }))
    const text = await statusOf(cloud, 'street-1')
    expect(text).toContain('full training')
    expect(text).toContain('1/4 trials')
    expect(text).toContain('4 shards: 1 done, 3 running')
  })

  test('fails with the cause of a run that fails', async () => {
    await halfARound()
    await expect(
      watchIn(cloud, 'street-1', {
        terminal,
        wait: async () => cloud.sfn.end('street-1', 'FAILED', 'no candidate'),
      }),
    ).rejects.toMatchObject({
      code: 'job-failed',
      message: 'run street-1 failed: no candidate',
      fix: 'trellis resume street-1 --aws',
    })
  })
})

describe('rerank', () => {
  test('starts for a run whose search is over, and status tells of it', async () => {
    await expect(startRerank(cloud, 'street-1')).rejects.toMatchObject({
      code: 'invalid-config',
      message: 'the search of run street-1 is not over',
    })
    await runMachine(cloud.store, 'street-1')
    await startRerank(cloud, 'street-1')
    expect(cloud.sfn.executions).toMatchObject([
      {
        stateMachineArn: ofDpc.Revision,
        input: expect.stringMatching(/^{"run":"street-1","concurrency":\d+}$/),
      },
    ])
    expect(await statusOf(cloud, 'street-1')).toContain('being re-ranked since')
  })
})

test('a run whose pipeline re-ranks nothing is told from the others', async () => {
  await start(cloud.store, aDenseNasRun('net-1', 'compute.card=t4'))
  await expect(startRerank(cloud, 'net-1')).rejects.toMatchObject({
    code: 'invalid-pipeline',
    message: 'run net-1 is of densenas, which re-ranks nothing',
    fix: 'name a run of dpc',
  })
  expect(await statusOf(cloud, 'net-1')).not.toContain('re-ranked')
})

describe('stop', () => {
  test('ends the executions of the run and its jobs, whatever their state, and nothing else', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    await startExecution(cloud.sfn, ofDpc.Search, { ...record, run: 'other' }, 1)
    await cloud.sfn.startExecution({ stateMachineArn: ofDpc.Rerank, name: 'x', input: '{"run":"street-1"}' })
    await cloud.sfn.startExecution({ stateMachineArn: ofDpc.Rerank, name: 'y', input: '{"run":"other"}' })
    await cloud.sfn.startExecution({
      stateMachineArn: ofDpc.Revision,
      name: 'z',
      input: '{"run":"street-1"}',
    })
    cloud.batch.jobs.push(
      aJob('a', 'RUNNING', 'street-1'),
      aJob('b', 'RUNNABLE', 'other'),
      aJob('c', 'RUNNABLE', 'other'),
      aJob('d', 'RUNNABLE', 'street-1'),
      aJob('e', 'SUCCEEDED', 'street-1'),
      aJob('f', 'STARTING', 'street-1', { jobQueue: t4.OnDemandQueue }),
    )
    const text = await stopIn(cloud, 'street-1')
    expect(text).toContain('stopped 3 executions and 3 jobs of street-1')
    expect(cloud.batch.terminated.sort()).toEqual(['a', 'd', 'f'])
    expect(cloud.sfn.executions.filter(({ status }) => status === 'RUNNING').map(({ name }) => name)).toEqual(
      ['y', 'other'],
    )
  })

  test('ends an execution before those that it has started, whose end it would take for a failure', async () => {
    const inOrder = [
      [ofDpc.Search, 'street-1'],
      [ofDpc.Revision, 'z'],
      [ofDpc.Rerank, 'x'],
    ] as const
    for (const [i, [stateMachineArn, name]] of inOrder.entries()) {
      await cloud.sfn.startExecution({ stateMachineArn, name, input: '{"run":"street-1"}' })
      Object.assign(cloud.sfn.executions[0]!, { startDate: new Date(i) })
    }
    await stopIn(cloud, 'street-1')
    const stopped = cloud.sfn.calls.filter(([operation]) => operation === 'stopExecution')
    expect(stopped.map(([, arn]) => String(arn).split(':').at(-1))).toEqual(inOrder.map(([, name]) => name))
  })

  test('of a run that is not at work says so', async () => {
    await expect(stopIn(cloud, 'street-1')).rejects.toMatchObject({
      code: 'not-found',
      message: 'nothing of run street-1 is at work',
    })
  })
})

describe('resume', () => {
  const started = () =>
    cloud.sfn.calls.filter(([operation]) => operation === 'startExecution').map(([, input]) => input)

  test('goes on with an execution that was stopped', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    await stopIn(cloud, 'street-1')
    expect(await resumeIn(cloud, 'street-1')).toContain('goes on where it stopped')
    expect(cloud.sfn.executions).toMatchObject([{ name: 'street-1', status: 'RUNNING' }])
  })

  test('starts a new execution for one that failed, which redriven would fail again', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    for (const n of [1, 2]) {
      cloud.sfn.end(cloud.sfn.executions[0]!.name!, 'FAILED')
      await resumeIn(cloud, 'street-1')
      expect(cloud.sfn.executions[0]).toMatchObject({ name: `street-1_${n + 1}`, status: 'RUNNING' })
    }
    expect(cloud.sfn.calls.map(([operation]) => operation)).not.toContain('redriveExecution')
    expect(started().at(-1)).toMatchObject({ input: '{"run":"street-1","concurrency":4}' })
  })

  test('starts a new execution for one that was stopped more than 14 days ago', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    cloud.sfn.end('street-1', 'ABORTED')
    Object.assign(cloud.sfn.executions[0]!, { stopDate: new Date(Date.now() - 15 * 24 * HOUR) })
    await resumeIn(cloud, 'street-1')
    expect(cloud.sfn.executions[0]).toMatchObject({ name: 'street-1_2', status: 'RUNNING' })
  })

  test('starts a run that was recorded and whose execution was not', async () => {
    await resumeIn(cloud, 'street-1')
    expect(cloud.sfn.executions).toMatchObject([{ name: 'street-1', status: 'RUNNING' }])
  })

  test('leaves alone what runs or has ended well', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    expect(await resumeIn(cloud, 'street-1')).toBe('run street-1 is running')
    cloud.sfn.end('street-1', 'SUCCEEDED')
    expect(await resumeIn(cloud, 'street-1')).toBe('run street-1 has ended')
    expect(started()).toHaveLength(1)
  })

  test('starts again what has ended well and has lost something since', async () => {
    await startExecution(cloud.sfn, ofDpc.Search, record, 1)
    cloud.sfn.end('street-1', 'SUCCEEDED')
    await cloud.store.put('runs/street-1/rounds/0000.json', new Uint8Array(1))
    expect(await resumeIn(cloud, 'street-1')).toContain('goes on from its store')
    expect(cloud.sfn.executions[0]).toMatchObject({ name: 'street-1_2', status: 'RUNNING' })
  })

  test('of a run on a card that is not deployed names those that are', async () => {
    await start(cloud.store, aRun('big', 'compute.card=h100', 'compute.spot=false'))
    await expect(resumeIn(cloud, 'big')).rejects.toMatchObject({
      code: 'unsupported',
      fix: 'set compute.card to one of t4, or deploy h100',
    })
  })
})

test('an execution that is asked for twice starts once', async () => {
  await startExecution(cloud.sfn, ofDpc.Search, record, 1)
  await startExecution(cloud.sfn, ofDpc.Search, record, 1)
  expect(cloud.sfn.executions).toHaveLength(1)
})
