import { expect, test } from 'vitest'
import { execute } from '../../../local/interpreter/execute.ts'
import type { Json, State, StateMachine } from '../../../pipelines/asl.ts'
import { virtualHost } from './virtual-host.ts'

const machine = (States: Record<string, State>): StateMachine => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0]!,
  States,
})

const run = (States: Record<string, State>, input: unknown = {}) =>
  execute(machine(States), input, virtualHost())

test('a state without Output hands on its input', async () => {
  expect(await run({ A: { Type: 'Pass', End: true } }, { x: [1, { y: null }] })).toEqual({
    x: [1, { y: null }],
  })
})

test('Output is a template: expressions are evaluated wherever they stand, other strings stay as they are', async () => {
  const Output = {
    sum: '{% $states.input.a + 1 %}',
    list: ['{% $states.input.a %}', '$states.input.a'],
    nil: null,
  }
  expect(await run({ A: { Type: 'Pass', Output, End: true } }, { a: 2 })).toEqual({
    sum: 3,
    list: [2, '$states.input.a'],
    nil: null,
  })
})

test('an undefined result is States.QueryEvaluationError, although JSONata itself allows it', async () => {
  const Output = { x: '{% $states.input.missing %}' }
  await expect(run({ A: { Type: 'Pass', Output, End: true } })).rejects.toMatchObject({
    error: 'States.QueryEvaluationError',
    cause: expect.stringContaining('$states.input.missing'),
  })
})

test('an expression that fails is States.QueryEvaluationError', async () => {
  const Output = '{% 1 + "a" %}' as const
  await expect(run({ A: { Type: 'Pass', Output, End: true } })).rejects.toMatchObject({
    error: 'States.QueryEvaluationError',
  })
})

test('Assign and Output are evaluated side by side: neither sees what the state assigns', async () => {
  const output = await run({
    A: { Type: 'Pass', Assign: { x: 1, y: 10 }, Next: 'B' },
    B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% [$x, $y] %}', Next: 'C' },
    C: { Type: 'Pass', Output: '{% [$states.input, $x, $y] %}', End: true },
  })
  expect(output).toEqual([1, 10, 10, 1])
})

test('a branch reads the variables around it, and what it assigns ends with it', async () => {
  const output = await run({
    A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'B' },
    B: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'C',
          States: {
            C: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'D' },
            D: { Type: 'Pass', Output: '{% $inner %}', End: true },
          },
        },
      ],
      Next: 'E',
    },
    E: { Type: 'Pass', Output: { result: '{% $states.input %}', inner: '{% $exists($inner) %}' }, End: true },
  })
  expect(output).toEqual({ result: [2], inner: false })
})

test('the context object names the execution, the state and the time', async () => {
  const output = await run({ A: { Type: 'Pass', Output: '{% $states.context %}', End: true } }, { a: 1 })
  expect(output).toEqual({
    Execution: { Id: 'local', Input: { a: 1 }, StartTime: '1970-01-01T00:00:00.000Z' },
    State: { Name: 'A', EnteredTime: '1970-01-01T00:00:00.000Z', RetryCount: 0 },
  })
})

const text = (bytes: number) => 'x'.repeat(bytes - 2) // a JSON string has two quotes

test('a payload of 256 KiB fails the execution with States.DataLimitExceeded; one byte less passes', async () => {
  const grow: State = { Type: 'Pass', Output: '{% $pad("", $states.input.n, "x") %}', End: true }
  await expect(run({ A: grow }, { n: 256 * 1024 - 2 })).rejects.toMatchObject({
    error: 'States.DataLimitExceeded',
  })
  expect(await run({ A: grow }, { n: 256 * 1024 - 3 })).toBe(text(256 * 1024 - 1))
})

test('what goes into an execution or a task, and what comes out of a task, is limited, whatever Output keeps', async () => {
  const full = text(256 * 1024)
  const exceeded = { error: 'States.DataLimitExceeded' }
  const pass: State = { Type: 'Pass', Output: {}, End: true }
  await expect(run({ A: pass }, full)).rejects.toMatchObject(exceeded)

  const host = virtualHost({ tasks: { t: ({ n }: { n: number }) => text(n) } })
  const task = (Arguments: Json): State => ({ Type: 'Task', Resource: 't', Arguments, Output: {}, End: true })
  const given = (Arguments: Json) => execute(machine({ A: task(Arguments) }), {}, host)
  expect(await given({ n: 256 * 1024 - 1 })).toEqual({})
  await expect(given({ n: 256 * 1024 })).rejects.toMatchObject(exceeded)
  await expect(given({ n: 2, filler: full })).rejects.toMatchObject(exceeded)
})

test('States.DataLimitExceeded passes every Retry and Catch', async () => {
  let calls = 0
  const host = virtualHost({
    tasks: {
      t: () => {
        calls++
        return text(256 * 1024)
      },
    },
  })
  const big: State = {
    Type: 'Task',
    Resource: 't',
    Retry: [{ ErrorEquals: ['States.ALL'] }],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
    Next: 'B',
  }
  await expect(execute(machine({ A: big, B: { Type: 'Pass', End: true } }), {}, host)).rejects.toMatchObject({
    error: 'States.DataLimitExceeded',
  })
  expect(calls).toBe(1)
})

test('an execution ends at its 25,000th event with States.Runtime, which nothing catches', async () => {
  const events: number[] = []
  const endless = machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } })
  await expect(
    execute(endless, {}, virtualHost(), { onEvent: ({ id }) => events.push(id) }),
  ).rejects.toMatchObject({ error: 'States.Runtime' })
  expect(events.length).toBe(25_000)
  expect(events.at(-1)).toBe(25_000)
})
