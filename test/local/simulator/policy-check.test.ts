import { expect, it } from 'vitest'
import { virtualClock } from '../../../local/simulator/clock.ts'
import { createPolicyCheck } from '../../../local/simulator/policy-check.ts'
import { startProcess } from '../../../local/simulator/process.ts'
import { storeLayout } from '../../../nas/pipelines/layout.ts'

const clock = virtualClock(0, () => 0)
const [one, other] = [startProcess(clock, 'one'), startProcess(clock, 'other')]
const bytes = new Uint8Array(1)

/** What comes of writes to one key, each replacing the one before. */
function written(key: string, ...writers: readonly (typeof one)[]) {
  const policies = createPolicyCheck(storeLayout())
  return writers.map((by, i) =>
    policies.brokenBy({ by, key, bytes, before: i === 0 ? undefined : bytes, kept: true }),
  )
}

it('finds an object that is written once and then again', () => {
  expect(written('trials/t/result.json', one, one)).toEqual([
    undefined,
    'trials/t/result.json was written twice',
  ])
})

it('lets only the writer of a claimed object replace it', () => {
  expect(written('runs/r/sessions/0000.json', one, one, other)).toEqual([
    undefined,
    undefined,
    'runs/r/sessions/0000.json was written by one, and then by other',
  ])
})

it('lets everyone replace what is of interest only as it was last', () => {
  expect(written('runs/r/summary.json', one, other)).toEqual([undefined, undefined])
})

it('finds an object that no policy is for', () => {
  expect(written('runs/r/notes.txt', one)).toEqual(['runs/r/notes.txt has no policy, and one writes it'])
})

it('lets a write be dropped', () => {
  const policies = createPolicyCheck(storeLayout())
  const write = { by: one, key: 'trials/t/result.json', bytes }
  expect(policies.brokenBy({ ...write, before: undefined, kept: true })).toBeUndefined()
  expect(policies.brokenBy({ ...write, before: bytes, kept: false })).toBeUndefined()
})
