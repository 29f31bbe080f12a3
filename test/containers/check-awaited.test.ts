import { expect, it } from 'vitest'
import { checkAwaited } from '../../containers/check-awaited.ts'

const DEADLINE = Date.UTC(2026, 0, 31)

it('a job whose task has timed out while it waited for a machine ends at once, and is not tried again', () => {
  expect(() => checkAwaited({ deadline: DEADLINE }, DEADLINE)).toThrow(
    expect.objectContaining({
      code: 'job-failed',
      message: 'nobody waits for this job any more: its task timed out by 2026-01-31T00:00:00.000Z',
    }),
  )
})

it('any other job begins', () => {
  expect(() => checkAwaited({ deadline: DEADLINE }, DEADLINE - 1)).not.toThrow()
  expect(() => checkAwaited({})).not.toThrow()
})
