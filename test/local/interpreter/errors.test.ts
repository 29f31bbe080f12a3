import { expect, test } from 'vitest'
import { execute } from '../../../local/interpreter/execute.ts'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import type { Catcher, Retrier, State, StateMachine } from '../../../pipelines/asl.ts'
import { type VirtualHost, virtualHost } from './virtual-host.ts'

/** A host whose task fails with each of these errors in turn, then succeeds. */
function failing(errors: readonly string[], random?: () => number): VirtualHost {
  const left = [...errors]
  const t = () => {
    const error = left.shift()
    if (error !== undefined) throw new StateFailure(error, `cause of ${error}`)
    return 'done'
  }
  return virtualHost({ tasks: { t }, ...(random && { random }) })
}

const run = (host: VirtualHost, state: { Retry?: Retrier[]; Catch?: Catcher[]; TimeoutSeconds?: number }) => {
  const A: State = { Type: 'Task', Resource: 't', Next: 'End', ...state }
  const Caught: State = { Type: 'Pass', Output: { caught: '{% $states.input %}' }, End: true }
  const machine: StateMachine = {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A, Caught, End: { Type: 'Succeed' } },
  }
  return execute(machine, { x: 1 }, host)
}

test('Retry waits 1, 2 and 4 s where it says nothing else, then gives up', async () => {
  const host = failing(['E', 'E', 'E', 'E'])
  await expect(run(host, { Retry: [{ ErrorEquals: ['E'] }] })).rejects.toMatchObject({ error: 'E' })
  expect(host.slept).toEqual([1_000, 2_000, 4_000])
})

test('Retry backs off up to MaxDelaySeconds', async () => {
  const host = failing(['E', 'E', 'E', 'E'])
  const Retry = [
    { ErrorEquals: ['E'], IntervalSeconds: 3, BackoffRate: 3, MaxDelaySeconds: 20, MaxAttempts: 4 },
  ]
  expect(await run(host, { Retry })).toBe('done')
  expect(host.slept).toEqual([3_000, 9_000, 20_000, 20_000])
})

test('JitterStrategy FULL waits anything between nothing and the whole delay', async () => {
  const draws = [0, 0.25, 0.999]
  const host = failing(['E', 'E', 'E'], () => draws.shift()!)
  const Retry: Retrier[] = [{ ErrorEquals: ['E'], IntervalSeconds: 4, JitterStrategy: 'FULL' }]
  expect(await run(host, { Retry })).toBe('done')
  expect(host.slept).toEqual([0, 2_000, 15_984])
})

test('the first retrier that names the error decides; each counts its own retries', async () => {
  // The worked example of the Step Functions guide: A and B share a retrier with two retries.
  const host = failing(['ErrorA', 'ErrorB', 'ErrorC', 'ErrorB'])
  const Retry = [
    { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
    { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
  ]
  const Catch: Catcher[] = [{ ErrorEquals: ['States.ALL'], Output: 'Z', Next: 'Caught' }]
  expect(await run(host, { Retry, Catch })).toEqual({ caught: 'Z' })
  expect(host.slept).toEqual([1_000, 2_000, 5_000])
})

test('MaxAttempts 0 never retries, and shields the error from a later retrier', async () => {
  const host = failing(['E'])
  const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]
  await expect(run(host, { Retry })).rejects.toMatchObject({ error: 'E' })
  expect(host.slept).toEqual([])
})

test('Catch hands on the error output; its own Output and Assign see it beside the input', async () => {
  const plain: Catcher[] = [{ ErrorEquals: ['E'], Next: 'Caught' }]
  expect(await run(failing(['E']), { Catch: plain })).toEqual({ caught: { Error: 'E', Cause: 'cause of E' } })
  const shaped: Catcher[] = [
    { ErrorEquals: ['E'], Output: '{% [$states.input.x, $states.errorOutput.Error] %}', Next: 'Caught' },
  ]
  expect(await run(failing(['E']), { Catch: shaped })).toEqual({ caught: [1, 'E'] })
})

test('an error that no catcher names fails the execution', async () => {
  const Catch: Catcher[] = [{ ErrorEquals: ['F'], Next: 'Caught' }]
  await expect(run(failing(['E']), { Catch })).rejects.toMatchObject({ error: 'E', cause: 'cause of E' })
})

test('States.TaskFailed matches every error of a task but States.Timeout', async () => {
  const Catch: Catcher[] = [{ ErrorEquals: ['States.TaskFailed'], Output: 'yes', Next: 'Caught' }]
  expect(await run(failing(['Whatever']), { Catch })).toEqual({ caught: 'yes' })
  await expect(run(failing(['States.Timeout']), { Catch })).rejects.toMatchObject({ error: 'States.Timeout' })
})

test('States.ALL does not catch States.Runtime', async () => {
  const Catch: Catcher[] = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]
  await expect(run(failing(['States.Runtime']), { Catch })).rejects.toMatchObject({ error: 'States.Runtime' })
})

test('a task that does not end in TimeoutSeconds is aborted and fails with States.Timeout', async () => {
  let aborted: unknown
  const t = (_: never, signal: AbortSignal) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        aborted = signal.reason
        reject(signal.reason)
      }),
    )
  const host = virtualHost({ tasks: { t } })
  const Catch: Catcher[] = [
    { ErrorEquals: ['States.Timeout'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' },
  ]
  expect(await run(host, { TimeoutSeconds: 30, Catch })).toEqual({ caught: 'States.Timeout' })
  expect(host.now()).toBe(30_000)
  expect(aborted).toMatchObject({ error: 'States.Timeout' })
})

test('the time-out of a task that ends in time is given up: no timer is left', async () => {
  const host = failing([])
  expect(await run(host, { TimeoutSeconds: 3600 })).toBe('done')
  expect(host.slept).toEqual([3_600_000])
  expect(host.sleeping()).toBe(0)
})

test('an error in an expression of a Task can be retried and caught like any other', async () => {
  const A: State = {
    Type: 'Task',
    Resource: 't',
    Output: '{% $states.result.missing %}',
    Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'B' }],
    Next: 'B',
  }
  const machine: StateMachine = {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: { A, B: { Type: 'Succeed' } },
  }
  expect(await execute(machine, {}, failing([]))).toBe('caught')
})

test('what a host throws that is no StateFailure is a defect: nothing retries or catches it', async () => {
  const t = () => {
    throw new TypeError('a defect')
  }
  const Catch: Catcher[] = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]
  await expect(run(virtualHost({ tasks: { t } }), { Catch })).rejects.toThrow(TypeError)
})
