import { describe, expect, it } from 'vitest'
import { parseJob } from '../../../nas/runs/job.ts'

const environment = {
  TRELLIS_JOB: 'proxy-task',
  TRELLIS_RUN: 'street-1',
  TRELLIS_STORE: '/tmp/store',
  TRELLIS_INPUT: JSON.stringify({ trials: ['a'.repeat(32)] }),
  AWS_BATCH_JOB_ID: 'job',
  AWS_BATCH_JOB_ATTEMPT: '2',
  PATH: '/bin',
}

describe("a job's environment", () => {
  it('is read, and an empty input has no trials', () => {
    const names = { run: 'street-1', store: '/tmp/store', jobId: 'job' }
    const job = { job: 'proxy-task', ...names, attempt: 2, cores: 'one', device: 'cpu' }
    expect(parseJob(environment)).toEqual({ ...job, trials: ['a'.repeat(32)] })
    expect(parseJob({ ...environment, TRELLIS_INPUT: '{}' })).toEqual({ ...job, trials: [] })
  })

  it.each([
    ['TRELLIS_JOB', ''],
    ['TRELLIS_RUN', '../escape'],
    ['TRELLIS_STORE', undefined],
    ['TRELLIS_INPUT', '{'],
    ['TRELLIS_INPUT', '{"trials": ["x"]}'],
    ['TRELLIS_CORES', 'two'],
    ['TRELLIS_DEVICE', 'tpu'],
    ['AWS_BATCH_JOB_ATTEMPT', 'first'],
  ])('is refused with %s=%s, naming it', (name, value) => {
    expect(() => parseJob({ ...environment, [name]: value })).toThrow(
      expect.objectContaining({ code: 'job-failed', message: expect.stringContaining(name) }),
    )
  })
})
