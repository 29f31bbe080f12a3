import { expect, test } from 'vitest'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import { lambdaFailure, search } from '../fake-cloud.ts'

test('a search goes from preparation through its rounds to the re-ranking, and is settled', async () => {
  const { outcome, names } = await search()
  expect(outcome).toEqual({ run: 'r', summary: 'runs/r/summary.json', report: 'runs/r/report.html' })
  const round = ['Propose', 'ProxyTask', 'ProxyTask', 'Aggregate']
  expect(names).toEqual([
    ...['Prepare', 'Pretrain', 'Features', ...round, ...round],
    ...['Rerank', 'PickTop', 'Train', 'Train', 'Correlate', 'Decode', 'Finalize'],
  ])
})

test('functions and jobs are given what ARCHITECTURE.md says', async () => {
  const { calls } = await search()
  const first = (wanted: string) => calls.find(([name]) => name === wanted)![1]
  expect(first('Prepare')).toEqual({ run: 'r' })
  expect(first('Propose')).toEqual({ run: 'r', round: 0 })
  expect(first('Aggregate')).toEqual({ run: 'r', round: 0 })
  expect(first('PickTop')).toEqual({ run: 'r' })
  expect(first('Finalize')).toEqual({ run: 'r' })
  expect(first('Features')).toEqual({ TRELLIS_RUN: 'r', TRELLIS_INPUT: '{}' })
  expect(first('ProxyTask')).toEqual({ TRELLIS_RUN: 'r', TRELLIS_INPUT: '{"trials":["a","b"]}' })
  expect(first('Rerank')).toMatchObject({ run: 'r', concurrency: 2 })
  expect(calls.filter(([name]) => name === 'Propose').map(([, payload]) => payload)).toEqual([
    { run: 'r', round: 0 },
    { run: 'r', round: 1 },
  ])
})

test('what is there already is not made again', async () => {
  const { names } = await search({
    Prepare: () => ({ run: 'r', pretrain: false, cacheFeatures: false, round: 0 }),
  })
  expect(names.slice(0, 2)).toEqual(['Prepare', 'Propose'])
})

test('a round without work left goes straight to its aggregation', async () => {
  const { names } = await search({
    Propose: ({ round }: { round: number }) => ({ run: 'r', round, manifest: 'm', pending: round }),
  })
  expect(names.slice(3, 8)).toEqual(['Propose', 'Aggregate', 'Propose', 'ProxyTask', 'ProxyTask'])
})

test('a job that fails for good stops the run with its cause: that says nothing about its trials', async () => {
  const description = {
    Attempts: [
      { Container: { Reason: 'OutOfMemoryError: killed' }, StatusReason: 'Essential container exited' },
    ],
    Container: { Reason: 'OutOfMemoryError: killed' },
    StatusReason: 'Essential container exited',
  }
  const { names, calls, outcome } = await search({
    ProxyTask: ({ TRELLIS_INPUT }: { TRELLIS_INPUT: string }) => {
      if (TRELLIS_INPUT.includes('"c"')) {
        throw new StateFailure('States.TaskFailed', JSON.stringify(description))
      }
    },
  })
  const cause = 'OutOfMemoryError: killed; Essential container exited'
  expect(outcome).toMatchObject({ error: 'SearchFailed', cause: expect.stringContaining(cause) })
  expect(calls.filter(([name]) => name === 'RecordFailure').map(([, payload]) => payload)).toEqual([
    { run: 'r', trials: ['c'], cause },
  ])
  expect(names).not.toContain('Aggregate')
  expect(names.at(-1)).toBe('Finalize')
})

test.each(['Prepare', 'Pretrain', 'Features', 'Propose', 'Aggregate', 'Decode'])(
  'when %s fails, the run is settled with the error and then fails with it',
  async (name) => {
    const { outcome, calls, names } = await search({
      [name]: () => {
        throw lambdaFailure('no "street" here')
      },
    })
    expect(outcome).toMatchObject({ error: 'SearchFailed', cause: 'no "street" here' })
    expect(names.slice(-2)).toEqual([name, 'Finalize'])
    expect(calls.at(-1)![1]).toEqual({ run: 'r', error: 'no "street" here' })
  },
)

test('a failure inside the re-ranking reaches the report by its own words', async () => {
  const { outcome, calls } = await search({
    Correlate: () => {
      throw lambdaFailure('none of "r" could be trained')
    },
  })
  expect(outcome).toMatchObject({ error: 'SearchFailed', cause: 'none of "r" could be trained' })
  expect(calls.at(-1)).toEqual(['Finalize', { run: 'r', error: 'none of "r" could be trained' }])
})

test('the cause that Finalize found is how the execution ends: Step Functions tells none of a map', async () => {
  const { outcome } = await search({
    ProxyTask: () => {
      throw new StateFailure('States.TaskFailed', 'broken')
    },
    Finalize: () => ({ run: 'r', error: 'ENOSPC' }),
  })
  expect(outcome).toMatchObject({ error: 'SearchFailed', cause: 'ENOSPC' })
})

test('a failure that cannot even be noted stops the run with that of the job', async () => {
  const { outcome, names } = await search({
    ProxyTask: () => {
      throw new StateFailure('States.TaskFailed', 'broken')
    },
    RecordFailure: () => {
      throw lambdaFailure('the store is gone')
    },
  })
  expect(outcome).toMatchObject({
    error: 'SearchFailed',
    cause: expect.stringContaining('broken'),
  })
  expect(names).not.toContain('Aggregate')
  expect(names.at(-1)).toBe('Finalize')
})

test('when settling fails too, it is the first error that is reported', async () => {
  const { outcome } = await search({
    Decode: () => {
      throw lambdaFailure('first')
    },
    Finalize: () => {
      throw lambdaFailure('second')
    },
  })
  expect(outcome).toMatchObject({ error: 'SearchFailed', cause: 'first' })
})

test('a throttled function is called again', async () => {
  let throttled = 3
  const { outcome, names } = await search({
    Decode: () => {
      if (throttled-- > 0) throw new StateFailure('Lambda.TooManyRequestsException', 'Rate exceeded')
      return { run: 'r', decoded: 'd' }
    },
  })
  expect(outcome).toMatchObject({ run: 'r' })
  expect(names.filter((name) => name === 'Decode')).toHaveLength(4)
})

test('a round costs so few events that hundreds of rounds fit in one execution', async () => {
  const { events } = await search()
  expect(events.length).toBeLessThan(120)
})

test('a job that has used up its attempts is submitted twice more, for it gets further each time', async () => {
  let failures = 2
  const { outcome, names } = await search({
    ProxyTask: () => {
      if (failures-- > 0) throw new StateFailure('States.TaskFailed', 'killed')
      return {}
    },
  })
  expect(outcome).toMatchObject({ run: 'r' })
  expect(names).not.toContain('RecordFailure')
})

test('a job that cannot be submitted stops the run: that says nothing about its trials', async () => {
  const { outcome, names } = await search({
    ProxyTask: () => {
      throw new StateFailure('Batch.AWSBatchException', 'Too Many Requests')
    },
  })
  expect(outcome).toMatchObject({
    error: 'SearchFailed',
    cause: expect.stringContaining('Too Many Requests'),
  })
  expect(names).not.toContain('Aggregate')
})

test('a function that was killed is called again', async () => {
  let kills = 2
  const { outcome, names } = await search({
    Aggregate: ({ round }: { round: number }) => {
      if (kills-- > 0) throw new StateFailure('Lambda.Unknown', 'Task timed out')
      return { run: 'r', round: round + 1, enough: true }
    },
  })
  expect(outcome).toMatchObject({ run: 'r' })
  expect(names.filter((name) => name === 'Aggregate')).toHaveLength(3)
})
