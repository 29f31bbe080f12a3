import { expect, test, vi } from 'vitest'
import { execute } from '../../../local/interpreter/execute.ts'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import type { State, StateMachine } from '../../../pipelines/asl.ts'
import { virtualHost } from './virtual-host.ts'

const machine = (States: Record<string, State>, TimeoutSeconds?: number): StateMachine => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0]!,
  States,
  ...(TimeoutSeconds === undefined ? {} : { TimeoutSeconds }),
})

const end: State = { Type: 'Succeed' }

test('Choice follows the first true condition, with the Output of that rule', async () => {
  const States: Record<string, State> = {
    A: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Output: 'ten' },
        { Condition: '{% $states.input.n > 5 %}', Next: 'Big', Output: 'five' },
      ],
      Default: 'Small',
      Output: 'default',
    },
    Big: { Type: 'Pass', Output: '{% "big " & $states.input %}', End: true },
    Small: { Type: 'Pass', Output: '{% "small " & $states.input %}', End: true },
  }
  const given = (n: number) => execute(machine(States), { n }, virtualHost())
  expect([await given(20), await given(7), await given(1)]).toEqual(['big ten', 'big five', 'small default'])
})

test('Choice without a match and without a Default is States.NoChoiceMatched', async () => {
  const A: State = { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] }
  await expect(execute(machine({ A, B: end }), {}, virtualHost())).rejects.toMatchObject({
    error: 'States.NoChoiceMatched',
  })
})

test('a Condition that is no boolean is States.QueryEvaluationError: nothing is truthy', async () => {
  const A: State = { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'B' }], Default: 'B' }
  await expect(execute(machine({ A, B: end }), {}, virtualHost())).rejects.toMatchObject({
    error: 'States.QueryEvaluationError',
  })
})

test.each(['$missing', '$states.input.missing', '$states.input.missing > 0', '$not($states.input.missing)'])(
  'a Condition that is undefined, as %s is, is States.QueryEvaluationError: not false',
  async (condition) => {
    const A: State = {
      Type: 'Choice',
      Choices: [{ Condition: `{% ${condition} %}`, Next: 'B' }],
      Default: 'B',
    }
    await expect(execute(machine({ A, B: end }), {}, virtualHost())).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
    })
  },
)

test('Wait waits by the clock of the host', async () => {
  const host = virtualHost()
  const A: State = { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'B' }
  expect(await execute(machine({ A, B: end }), { s: 90 }, host)).toEqual({ s: 90 })
  expect(host.now()).toBe(90_000)
})

test('Fail ends the execution with its Error and Cause', async () => {
  const A: State = { Type: 'Fail', Error: 'Mine', Cause: '{% "no " & $states.input.what %}' }
  await expect(execute(machine({ A }), { what: 'luck' }, virtualHost())).rejects.toMatchObject({
    error: 'Mine',
    cause: 'no luck',
  })
})

test('Task passes Arguments, and Output sees result and input', async () => {
  const host = virtualHost({ tasks: { double: ({ n }: { n: number }) => ({ n: 2 * n }) } })
  const A: State = {
    Type: 'Task',
    Resource: 'double',
    Arguments: { n: '{% $states.input.x %}' },
    Output: '{% [$states.input.x, $states.result.n] %}',
    End: true,
  }
  expect(await execute(machine({ A }), { x: 4 }, host)).toEqual([4, 8])
})

test('Parallel gives the outputs of its branches in their order, whichever ends first', async () => {
  const branch = (name: string, Seconds: number) => ({
    StartAt: name,
    States: { [name]: { Type: 'Wait', Seconds, Output: name, End: true } satisfies State },
  })
  const host = virtualHost()
  const A: State = { Type: 'Parallel', Branches: [branch('slow', 9), branch('fast', 1)], End: true }
  expect(await execute(machine({ A }), {}, host)).toEqual(['slow', 'fast'])
  expect(host.now()).toBe(9_000)
})

test('a branch that fails stops the others and gives Parallel its error', async () => {
  let stopped = false
  const host = virtualHost({
    tasks: {
      fail: () => {
        throw new StateFailure('Mine', 'broken')
      },
      hang: (_: never, signal: AbortSignal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            stopped = true
            reject(signal.reason)
          }),
        ),
    },
  })
  const branch = (name: string) => ({
    StartAt: name,
    States: { [name]: { Type: 'Task', Resource: name, End: true } satisfies State },
  })
  const A: State = { Type: 'Parallel', Branches: [branch('hang'), branch('fail')], End: true }
  await expect(execute(machine({ A }), {}, host)).rejects.toMatchObject({ error: 'Mine', cause: 'broken' })
  expect(stopped).toBe(true)
})

test('TimeoutSeconds of the machine ends the execution with States.Timeout', async () => {
  const A: State = { Type: 'Wait', Seconds: 100, End: true }
  const host = virtualHost()
  await expect(execute(machine({ A }, 60), {}, host)).rejects.toMatchObject({ error: 'States.Timeout' })
  expect(host.now()).toBe(60_000)
})

test('after an abort no further state is entered, also when the task could not be stopped', async () => {
  const stop = new AbortController()
  const second = vi.fn()
  const host = virtualHost({ tasks: { first: () => stop.abort(new Error('interrupted')), second } })
  const A: State = { Type: 'Task', Resource: 'first', Next: 'B' }
  const B: State = { Type: 'Task', Resource: 'second', End: true }
  await expect(execute(machine({ A, B }), {}, host, { signal: stop.signal })).rejects.toThrow('interrupted')
  expect(second).not.toHaveBeenCalled()
})

test('an abort ends the execution with its reason, past every Catch, once the task has wound up', async () => {
  const stop = new AbortController()
  let woundUp = false
  const host = virtualHost({
    tasks: {
      job: async (_: never, signal: AbortSignal) => {
        stop.abort(new Error('interrupted'))
        await host.sleep(5_000, new AbortController().signal)
        woundUp = true
        throw signal.reason
      },
    },
  })
  const A: State = {
    Type: 'Task',
    Resource: 'job',
    TimeoutSeconds: 1000,
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
    Next: 'B',
  }
  const execution = execute(machine({ A, B: end }), {}, host, { signal: stop.signal })
  await expect(execution).rejects.toThrow('interrupted')
  expect(woundUp).toBe(true)
})
