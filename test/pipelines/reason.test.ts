import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import { reason, refusedByBatch } from '../../pipelines/failures.ts'

const reasonOf = (errorOutput: { Error: string; Cause?: string }) =>
  jsonata(reason).evaluate(undefined, { states: { errorOutput } })

test.each([
  ['the message of a function', { errorType: 'E', errorMessage: 'no "x" here', trace: [] }, 'no "x" here'],
  ['the cause of an inner execution', { Cause: 'bad', Error: 'E', Input: '{}' }, 'bad'],
  [
    'the reasons of a job, each once',
    {
      Attempts: [{ Container: { Reason: 'OOM' } }, { Container: { Reason: 'OOM' } }],
      StatusReason: 'Essential container exited',
    },
    'OOM; Essential container exited',
  ],
])('is %s', async (_, cause, wanted) => {
  expect(await reasonOf({ Error: 'E', Cause: JSON.stringify(cause) })).toBe(wanted)
})

test('is found in a cause that AWS has cut short', async () => {
  const cause = JSON.stringify({ StatusReason: 'gone', Environment: 'x'.repeat(99) }).slice(0, 60)
  expect(await reasonOf({ Error: 'E', Cause: cause })).toBe('gone')
})

test('is the whole cause where that is plain text, and the error where there is no cause', async () => {
  expect(await reasonOf({ Error: 'E', Cause: 'it took too long' })).toBe('it took too long')
  expect(await reasonOf({ Error: 'States.Timeout' })).toBe('States.Timeout')
  expect(await reasonOf({ Error: 'E', Cause: '' })).toBe('E')
})

test('has at most 1,000 characters, so that the state stays small', async () => {
  expect(await reasonOf({ Error: 'E', Cause: 'y'.repeat(32_768) })).toHaveLength(1000)
})

test('is read of a message of 30,000 characters, quoted ones and line ends among them', async () => {
  const said = `cannot read "${'long\n'.repeat(6000)}"`
  const cause = JSON.stringify({ errorMessage: said, trace: ['"'] })
  expect(await reasonOf({ Error: 'E', Cause: cause })).toBe(
    JSON.stringify(said).slice(1).replaceAll('\\"', '"').slice(0, 1000),
  )
})

test.each([
  ['"quoted"', '"quoted"'],
  ['x', 'x'],
  ['ends with "quotes"', 'ends with "quotes"'],
])('is %s, whole, and what has no text is passed over', async (said, wanted) => {
  const cause = JSON.stringify({ Reason: '', StatusReason: said, Container: { Reason: said } })
  expect(await reasonOf({ Error: 'E', Cause: cause })).toBe(wanted)
})

test('repeats no group, as engines that go one frame deeper each time overflow their stack', () => {
  expect(reason).not.toMatch(/\)[+*{]/)
})

test('is there whatever AWS leaves out, as a Catch that fails ends a search without its end', async () => {
  expect(await reasonOf({} as never)).toBe('AWS does not say why')
  expect(await jsonata(reason).evaluate(undefined, { states: {} })).toBe('AWS does not say why')
})

test.each(refusedByBatch)('says of %s that no job has run, and what to do', async (name) => {
  expect(await reasonOf({ Error: name, Cause: 'Too Many Requests' })).toBe(
    'Batch has taken no job, and none of this one has run; resume the run once it does: Too Many Requests',
  )
})

test('says of a job where its last attempt has written its own', async () => {
  const container = (n: number) => ({ ExitCode: 2, LogStreamName: `train/default/${n}` })
  const Attempts = [1, 2].map((n) => ({ Container: container(n), StatusReason: 'exited' }))
  const cause = { Attempts, Container: container(2), StatusReason: 'exited' }
  expect(await reasonOf({ Error: 'States.TaskFailed', Cause: JSON.stringify(cause) })).toBe(
    'exited (log stream train/default/2)',
  )
  const long = JSON.stringify({ ...cause, StatusReason: 'y'.repeat(5000) })
  const told = (await reasonOf({ Error: 'E', Cause: long })) as string
  expect(told).toHaveLength(1000)
  expect(told).toMatch(/\(log stream train\/default\/2\)$/)
})
