import validate from 'asl-validator'
import { describe, expect, it } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { machineName } from '../../../infra/machines/names.ts'
import { MACHINE_NAME, ON_DEMAND_QUEUE, onAws } from '../../../infra/machines/on-aws.ts'
import { checkMachine } from '../../../local/interpreter/check.ts'
import { execute } from '../../../local/interpreter/execute.ts'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import type { MapState, StateMachine, TaskState } from '../../../pipelines/asl.ts'
import { search } from '../../../pipelines/dpc/search.ts'
import { submit } from '../../../pipelines/dpc/steps.ts'
import { orElse } from '../../../pipelines/failures.ts'
import { virtualHost } from '../../local/interpreter/virtual-host.ts'

const ways = [undefined, 3] as const
const machines = pipelines
  .all()
  .flatMap(([pipeline, { definition }]) =>
    Object.entries(definition.machines).map(([name, each]) => [machineName(pipeline, name), each] as const),
  )

describe.each(machines)('%s as it is deployed', (_, pipeline) => {
  it.each(ways)('is Amazon States Language (on demand after %s)', (onDemandAfter) => {
    const definition = onAws(pipeline, { onDemandAfter })
    expect(validate(structuredClone(definition)).errors).toEqual([])
    expect(() => checkMachine(definition)).not.toThrow()
  })

  it('has the states of the pipeline, unchanged but for jobs', () => {
    const { States } = onAws(pipeline, { onDemandAfter: undefined })
    expect(Object.keys(States)).toEqual(Object.keys(pipeline.States))
    for (const [name, state] of Object.entries(pipeline.States)) {
      if (JSON.stringify(state).includes('submitJob')) continue
      expect(States[name]).toEqual(state)
    }
  })
})

const machine: StateMachine = {
  QueryLanguage: 'JSONata',
  StartAt: 'Start',
  States: {
    Start: { Type: 'Pass', Assign: { run: '{% $states.input.run %}' }, Next: 'Train' },
    Train: submit(
      'Train',
      { run: '{% $run %}', input: '{}' },
      { Output: '{% $states.input %}', Catch: orElse('Failed'), Next: 'Done' },
    ),
    Done: { Type: 'Pass', Output: { done: '{% $states.input.run %}' }, End: true },
    Failed: { Type: 'Pass', End: true },
  },
}

interface Submission {
  readonly JobQueue: string
  readonly ContainerOverrides: {
    readonly Environment: readonly { readonly Name: string; readonly Value: string }[]
  }
  readonly Tags: Readonly<Record<string, string>>
  readonly RetryStrategy?: { readonly Attempts: number }
}

/** Executes that with a queue of jobs; `why` is what Batch says of jobs that fail, by queue. */
async function run(why: Readonly<Record<string, object>>, onDemandAfter: number | undefined) {
  const submissions: Submission[] = []
  const host = virtualHost({
    tasks: {
      'arn:aws:states:::batch:submitJob.sync': (submission: Submission) => {
        submissions.push(submission)
        const description = why[submission.JobQueue]
        if (description) throw new StateFailure('States.TaskFailed', JSON.stringify(description))
        return { JobId: 'j' }
      },
    },
  })
  const definition = onAws(machine, { onDemandAfter })
  return { output: await execute(definition, { run: 'r' }, host), submissions }
}

const SPOT = `\${JobQueue}`
const ON_DEMAND = `\${${ON_DEMAND_QUEUE}}`
const RECLAIMED = { StatusReason: 'Host EC2 (instance i-0123) terminated.' }
const BAD_INPUT = { Container: { ExitCode: 2, Reason: 'no such run' } }
const KILLED = { Container: { ExitCode: 137, Reason: 'OutOfMemoryError' } }

describe('a job on AWS', () => {
  it('is tagged with its run, by which it is found, and with its machine, which alone may end it', async () => {
    const { submissions, output } = await run({}, undefined)
    expect(output).toEqual({ done: 'r' })
    expect(submissions).toMatchObject([
      { Tags: { 'trellis:run': 'r', 'trellis:machine': `\${${MACHINE_NAME}}` }, PropagateTags: true },
    ])
  })

  it('is told until when its task waits for it, also where that is a retry', async () => {
    const refusals = [new StateFailure('Batch.ServerException', 'busy')]
    const submissions: Submission[] = []
    const host = virtualHost({
      tasks: {
        'arn:aws:states:::batch:submitJob.sync': (submission: Submission) => {
          submissions.push(submission)
          const refused = refusals.pop()
          if (refused) throw refused
          return { JobId: 'j' }
        },
      },
    })
    const entered = host.now()
    await execute(onAws(machine, { onDemandAfter: undefined }), { run: 'r' }, host)
    const days = submissions.map(({ ContainerOverrides }) => {
      const { Value } = ContainerOverrides.Environment.find(({ Name }) => Name === 'TRELLIS_DEADLINE')!
      return (Number(Value) - entered) / (24 * 3_600_000)
    })
    expect(days).toEqual([30, 60])
  })

  it('that used up its attempts on spot goes to on-demand instances, and the execution goes on', async () => {
    const { submissions, output } = await run({ [SPOT]: RECLAIMED }, 3)
    expect(output).toEqual({ done: 'r' })
    expect(submissions.map(({ JobQueue }) => JobQueue)).toEqual([SPOT, ON_DEMAND])
    expect(submissions[0]!.RetryStrategy!.Attempts).toBe(3)
    expect(submissions[1]).not.toHaveProperty('RetryStrategy')
  })

  it('with bad input is not tried again elsewhere: the Catch of its pipeline decides', async () => {
    const { submissions, output } = await run({ [SPOT]: BAD_INPUT }, 3)
    expect(submissions).toHaveLength(1)
    expect(output).toEqual({ run: 'r', error: 'no such run' })
  })

  it('that fails on demand too is handed to the Catch of its pipeline', async () => {
    const { submissions, output } = await run({ [SPOT]: RECLAIMED, [ON_DEMAND]: KILLED }, 3)
    expect(submissions).toHaveLength(2)
    expect(output).toEqual({ run: 'r', error: 'OutOfMemoryError' })
  })

  it('that Batch refuses is caught by whoever catches that, and is not taken for one that failed', () => {
    const map = onAws(search, { onDemandAfter: 3 }).States.TrainRound as MapState
    const errors = (map.ItemProcessor.States.ProxyTask as TaskState).Catch!.map(
      ({ ErrorEquals }) => ErrorEquals,
    )
    const refused = errors.findIndex((names) => names.includes('Batch.AWSBatchException'))
    expect(refused).toBeGreaterThanOrEqual(0)
    expect(refused).toBeLessThan(errors.findIndex((names) => names.includes('States.TaskFailed')))
  })
})
