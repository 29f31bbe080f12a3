import { expect, test } from 'vitest'
import { revision } from '../../../pipelines/dpc/revision.ts'
import { executed, lambdaFailure } from '../fake-cloud.ts'

const made = (overrides = {}, input = {}) => executed(revision, input, overrides)
const checkDue = (answer: object) => ({ CheckDue: () => ({ run: 'r', reason: 'because', ...answer }) })

test('a revision looks at the changed dataset, re-ranks, and publishes what came of it', async () => {
  const { outcome, names, calls } = await made()
  expect(outcome).toEqual({ run: 'r', summary: 'runs/r/summary.json', report: 'runs/r/report.html' })
  expect(names).toEqual([
    ...['CheckDue', 'Survey', 'Rerank', 'PickTop', 'Train', 'Train', 'Correlate', 'Decode', 'Finalize'],
  ])
  const first = (wanted: string) => calls.find(([name]) => name === wanted)![1]
  expect(first('Survey')).toEqual({ TRELLIS_RUN: 'r', TRELLIS_INPUT: '{}' })
  expect(first('Correlate')).toEqual({ run: 'r', edition: 'e' })
  expect(first('Finalize')).toEqual({ run: 'r' })
})

test('where nothing is new, no job runs', async () => {
  const { names } = await made({
    ...checkDue({ due: true, survey: false }),
    PickTop: () => ({ run: 'r', edition: 'e', manifest: 'm', pending: 0 }),
  })
  expect(names).toEqual(['CheckDue', 'Rerank', 'PickTop', 'Correlate', 'Decode', 'Finalize'])
})

test('one that is not due ends at once, and says why', async () => {
  const { names, outcome } = await made(checkDue({ due: false, survey: false }))
  expect(names).toEqual(['CheckDue'])
  expect(outcome).toMatchObject({ reason: 'because' })
})

test.each([
  [{}, null],
  [{ usd: 12.5 }, 12.5],
])('with input %j, the run may cost %s in all', async (input, usd) => {
  const { calls } = await made({}, input)
  expect(calls[0]).toEqual(['CheckDue', { run: 'r', usd }])
})

test.each(['Survey', 'PickTop', 'Correlate', 'Decode'])(
  'when %s fails, what it has cost is recorded, and the search stays what it was: a success',
  async (name) => {
    const { outcome, calls } = await made({
      [name]: () => {
        throw lambdaFailure('the mask of a.png is missing')
      },
    })
    expect(outcome).toMatchObject({ error: 'RevisionFailed', cause: 'the mask of a.png is missing' })
    expect(calls.at(-1)).toEqual(['Finalize', { run: 'r' }])
  },
)
