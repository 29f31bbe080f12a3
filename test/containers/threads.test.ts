import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { threadsOf } from '../../containers/open-context.ts'
import { parseJob } from '../../nas/runs/job.ts'

const jobWith = (environment: Readonly<Record<string, string>>) =>
  parseJob({
    TRELLIS_JOB: 'train',
    TRELLIS_RUN: 'r',
    TRELLIS_STORE: 's3://b',
    TRELLIS_INPUT: '{}',
    AWS_BATCH_JOB_ID: 'j',
    AWS_BATCH_JOB_ATTEMPT: '1',
    ...environment,
  })

test('a job has as many threads as its definition has cores, whatever its host has', () => {
  const vcpus = availableParallelism() + 12
  expect(threadsOf(jobWith({ TRELLIS_CORES: 'all', TRELLIS_VCPUS: String(vcpus) }))).toBe(vcpus)
  expect(threadsOf(jobWith({ TRELLIS_CORES: 'one', TRELLIS_VCPUS: String(vcpus) }))).toBe(1)
})

test('or those of this computer, which it has to itself', () => {
  expect(threadsOf(jobWith({ TRELLIS_CORES: 'all' }))).toBe(availableParallelism())
})
