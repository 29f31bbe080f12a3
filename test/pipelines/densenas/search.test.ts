import { expect, test } from 'vitest'
import { StateFailure } from '../../../local/interpreter/failure.ts'
import { search as denseNas } from '../../../pipelines/densenas/search.ts'
import { lambdaFailure, search as searchWith } from '../fake-cloud.ts'

const prepared = { run: 'r', trial: 'a', latency: true, manifest: 'supernet', pending: 1 }
const search = (overrides: Parameters<typeof searchWith>[0] = {}) =>
  searchWith({ Prepare: () => prepared, ...overrides }, denseNas)

// The stand-in gives every map two shards.
const supernet = ['Supernet', 'Supernet']
const candidates = ['Classifier', 'Classifier']

test('a search measures, trains the supernet, derives, compares, and is settled', async () => {
  const { outcome, names } = await search()
  expect(outcome).toMatchObject({ run: 'r', summary: 'runs/r/summary.json' })
  expect(names).toEqual([
    ...['Prepare', 'Latency', ...supernet, 'Derive', ...candidates],
    ...['Compare', 'Decode', 'Finalize'],
  ])
})

test('what is there already is not made again', async () => {
  const nothing = { run: 'r', trial: 'a', latency: false, manifest: 'm', pending: 0 }
  const { names } = await search({ Prepare: () => nothing, Derive: () => nothing })
  expect(names).toEqual(['Prepare', 'Derive', 'Compare', 'Decode', 'Finalize'])
})

test('a supernet whose job fails for good stops the run, and is searched when that is resumed', async () => {
  const description = { Attempts: [], StatusReason: 'Host EC2 (instance i-0) terminated.' }
  const { outcome, calls, names } = await search({
    Supernet: () => {
      throw new StateFailure('States.TaskFailed', JSON.stringify(description))
    },
  })
  expect(calls.find(([name]) => name === 'RecordFailure')![1]).toMatchObject({
    trials: ['a', 'b'],
    cause: 'Host EC2 (instance i-0) terminated.',
  })
  expect(names).not.toContain('Derive')
  expect(outcome).toMatchObject({ error: 'SearchFailed', cause: expect.stringContaining('terminated') })
})

test.each(['Prepare', 'Latency', 'Derive', 'Compare', 'Decode'])(
  'when %s fails, the run is settled with the error and then fails with it',
  async (name) => {
    const { outcome, calls } = await search({
      [name]: () => {
        throw lambdaFailure('no "shapes" here')
      },
    })
    expect(outcome).toMatchObject({ error: 'SearchFailed', cause: 'no "shapes" here' })
    expect(calls.at(-1)).toEqual(['Finalize', { run: 'r', error: 'no "shapes" here' }])
  },
)
