import { expect, test } from 'vitest'
import { execute } from '../../../local/interpreter/execute.ts'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import type { HistoryEvent } from '../../../local/interpreter/history.ts'
import type { MapState, State, StateMachine } from '../../../pipelines/asl.ts'
import { virtualHost } from './virtual-host.ts'

const inline = (States: Record<string, State>): MapState['ItemProcessor'] => ({
  StartAt: Object.keys(States)[0]!,
  States,
})
const distributed = (States: Record<string, State>): MapState['ItemProcessor'] => ({
  ...inline(States),
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
})
const machine = (
  map: Omit<MapState, 'Type' | 'Next' | 'End'>,
  before: Record<string, State> = {},
): StateMachine => {
  const States: Record<string, State> = { ...before, M: { Type: 'Map', End: true, ...map } }
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0]!, States }
}

const reader: MapState['ItemReader'] = {
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSONL' },
  Arguments: { Bucket: 'b', Key: '{% $states.input.key %}' },
}

const echo: State = { Type: 'Pass', End: true }
const work: State = { Type: 'Task', Resource: 'work', End: true }

/** Counts how many run at once; an item below zero fails. */
function workers() {
  const seen: number[] = []
  let running = 0
  let most = 0
  const host = virtualHost({
    tasks: {
      work: async (item: number, signal: AbortSignal) => {
        seen.push(item)
        most = Math.max(most, ++running)
        await host.sleep(1_000, signal).finally(() => running--)
        if (item < 0) throw new StateFailure('Negative', `${item}`)
        return item * 10
      },
    },
    items: () => [1, 2, 3],
  })
  return { host, seen, most: () => most, running: () => running }
}

test('an inline Map runs its items in order of the list, the results too', async () => {
  const { host, seen } = workers()
  const map = { Items: '{% $states.input.list %}' as const, ItemProcessor: inline({ work }) }
  expect(await execute(machine(map), { list: [3, 1, 2] }, host)).toEqual([30, 10, 20])
  expect(seen).toEqual([3, 1, 2])
})

test('MaxConcurrency bounds what runs at once; an inline Map never exceeds 40', async () => {
  const two = workers()
  await execute(machine({ MaxConcurrency: 2, ItemProcessor: inline({ work }) }), [1, 2, 3, 4, 5], two.host)
  expect(two.most()).toBe(2)
  expect(two.host.now()).toBe(3_000)
  const free = workers()
  const many = Array.from({ length: 50 }, (_, i) => i)
  await execute(machine({ MaxConcurrency: 45, ItemProcessor: inline({ work }) }), many, free.host)
  expect(free.most()).toBe(40)
})

test('ItemSelector sees the input of the Map, its variables and the item', async () => {
  const Start: State = { Type: 'Pass', Assign: { v: 7 }, Next: 'M' }
  const map = {
    Items: '{% $states.input.list %}' as const,
    ItemSelector:
      '{% [$v, $states.input.k, $states.context.Map.Item.Index, $states.context.Map.Item.Value] %}',
    ItemProcessor: inline({ echo }),
  }
  expect(await execute(machine(map, { Start }), { k: 'k', list: ['a', 'b'] }, virtualHost())).toEqual([
    [7, 'k', 0, 'a'],
    [7, 'k', 1, 'b'],
  ])
})

test('an inline iteration that fails stops the others and gives the Map its error', async () => {
  const { host, seen, running } = workers()
  const map = { MaxConcurrency: 2, ItemProcessor: inline({ work }) }
  await expect(execute(machine(map), [1, -1, 3, 4, 5, 6], host)).rejects.toMatchObject({ error: 'Negative' })
  expect(seen.length).toBeLessThan(5)
  expect(running()).toBe(0)
})

test('Items that are no list are States.QueryEvaluationError', async () => {
  const map = { Items: '{% "a" %}' as const, ItemProcessor: inline({ echo }) }
  await expect(execute(machine(map), {}, virtualHost())).rejects.toMatchObject({
    error: 'States.QueryEvaluationError',
  })
})

test('a Distributed Map reads its items where the ItemReader points', async () => {
  let asked: unknown
  const host = virtualHost({
    items: (place) => {
      asked = place
      return [{ a: 1 }, { a: 2 }]
    },
  })
  const map = { ItemReader: reader, ItemProcessor: distributed({ echo }) }
  expect(await execute(machine(map), { key: 'runs/r/rounds/0000.jsonl' }, host)).toEqual([{ a: 1 }, { a: 2 }])
  expect(asked).toEqual({ bucket: 'b', key: 'runs/r/rounds/0000.jsonl', inputType: 'JSONL' })
})

test('a child execution sees no variable of its parent; its context has its own input', async () => {
  const Start: State = { Type: 'Pass', Assign: { v: 7 }, Next: 'M' }
  const look: State = {
    Type: 'Pass',
    Output: '{% [$exists($v), $states.context.Execution.Input] %}',
    End: true,
  }
  const map = { ItemProcessor: distributed({ look }) }
  expect(await execute(machine(map, { Start }), ['a'], virtualHost())).toEqual([[false, 'a']])
})

test('a child execution has a history of its own, so a thousand of them do not fill that of the parent', async () => {
  const events: HistoryEvent[] = []
  const items = Array.from({ length: 1000 }, (_, i) => i)
  const map = { ItemProcessor: distributed({ echo }), Output: {} }
  await execute(machine(map), items, virtualHost(), { onEvent: (event) => events.push(event) })
  expect(events.filter(({ path }) => path === '').map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapRunStarted',
    'MapRunSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ])
  const last = events.filter(({ path }) => path === '/M[999]')
  expect(last.map(({ id }) => id)).toEqual([1, 2, 3, 4])
})

test('without a tolerance one failed child fails the Map with States.ExceedToleratedFailureThreshold', async () => {
  const map = { ItemProcessor: distributed({ work }) }
  await expect(execute(machine(map), [1, -2], workers().host)).rejects.toMatchObject({
    error: 'States.ExceedToleratedFailureThreshold',
    cause: expect.stringContaining('Negative'),
  })
})

test('failed items are tolerated up to the count or percentage, whichever is stricter', async () => {
  const run = (map: Partial<MapState>) =>
    execute(machine({ ItemProcessor: distributed({ work }), ...map }), [1, -2, 3, -4], workers().host)
  const exceeded = { error: 'States.ExceedToleratedFailureThreshold' }
  expect(await run({ ToleratedFailureCount: 2 })).toEqual([10, 30])
  await expect(run({ ToleratedFailureCount: 1 })).rejects.toMatchObject(exceeded)
  expect(await run({ ToleratedFailurePercentage: 50 })).toEqual([10, 30])
  await expect(run({ ToleratedFailurePercentage: 49 })).rejects.toMatchObject(exceeded)
  await expect(run({ ToleratedFailurePercentage: 100, ToleratedFailureCount: 1 })).rejects.toMatchObject(
    exceeded,
  )
})

test('ItemBatcher gathers selected items, and a failed batch counts for all of its items', async () => {
  const sum: State = {
    Type: 'Task',
    Resource: 'work',
    Arguments: '{% $sum($states.input.Items) + $states.input.BatchInput.add %}',
    End: true,
  }
  const run = (items: number[], ToleratedFailureCount: number) =>
    execute(
      machine({
        ItemSelector: '{% 2 * $states.context.Map.Item.Value %}',
        ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { add: 1 } },
        ToleratedFailureCount,
        ItemProcessor: distributed({ sum }),
      }),
      items,
      workers().host,
    )
  expect(await run([1, 2, 3], 0)).toEqual([70, 70])
  await expect(run([-5, 1, 3], 1)).rejects.toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' })
  expect(await run([-5, 1, 3], 2)).toEqual([70])
})

test('results of children that make 256 KiB together fail the execution, whatever Output would keep', async () => {
  const big: State = { Type: 'Pass', Output: '{% $pad("", 1000, "x") %}', End: true }
  const map = { ItemProcessor: distributed({ big }), Output: {} }
  const items = Array.from({ length: 300 }, () => 0)
  await expect(execute(machine(map), items, virtualHost())).rejects.toMatchObject({
    error: 'States.DataLimitExceeded',
  })
})

test('a child that is stopped because the threshold is exceeded neither retries nor recovers', async () => {
  const called: string[] = []
  const host = virtualHost({
    tasks: {
      work: async (item: number, signal: AbortSignal) => {
        await host.sleep(item * 1_000, signal).catch(() => {
          throw signal.reason
        })
        throw new StateFailure('Broken', `${item}`)
      },
      recover: (item: number) => called.push(`recovered ${item}`),
    },
  })
  const States: Record<string, State> = {
    work: {
      Type: 'Task',
      Resource: 'work',
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.input %}', Next: 'recover' }],
      End: true,
    },
    recover: { Type: 'Task', Resource: 'recover', Next: 'fail' },
    fail: { Type: 'Fail', Error: 'Lost' },
  }
  const map = { ItemProcessor: distributed(States) }
  const second: string[] = []
  const onEvent = ({ path, type }: HistoryEvent) => path === '/M[1]' && second.push(type)
  await expect(execute(machine(map), [1, 2, 3], host, { onEvent })).rejects.toMatchObject({
    error: 'States.ExceedToleratedFailureThreshold',
  })
  expect(second).not.toContain('TaskStateExited')
  expect(called).toEqual(['recovered 1'])
  expect(host.now()).toBe(1_000)
})

test('a child that waits for its turn when the Map stops never starts', async () => {
  const started = new Set<string>()
  const onEvent = ({ path }: HistoryEvent) => started.add(path)
  const map = { MaxConcurrency: 1, ItemProcessor: distributed({ work }) }
  await expect(execute(machine(map), [1, -2, 3], workers().host, { onEvent })).rejects.toMatchObject({
    error: 'States.ExceedToleratedFailureThreshold',
  })
  expect([...started]).toEqual(['', '/M[0]', '/M[1]'])
})
