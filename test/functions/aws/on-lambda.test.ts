import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { figuresOf } from '../../../functions/aws/figures.ts'
import { onLambda } from '../../../functions/aws/on-lambda.ts'
import { prepare } from '../../../functions/dpc/prepare.ts'
import { propose } from '../../../functions/dpc/propose.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { aRun } from '../../nas/pipelines/dpc/example.ts'
import { start } from '../machine.ts'

const context = { functionName: 'trellis-propose', awsRequestId: '1' } as Context
const folder = mkdtempSync(join(tmpdir(), 'trellis-lambda-'))
let printed: string[]

beforeEach(() => {
  vi.stubEnv('TRELLIS_STORE', folder)
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'nas')
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Trellis')
  printed = []
  const print = (text: string | Uint8Array) => {
    printed.push(String(text))
    return true
  }
  // Powertools has a console of its own, past which vitest's does not see.
  vi.spyOn(process.stdout, 'write').mockImplementation(print)
  vi.spyOn(process.stderr, 'write').mockImplementation(print)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('a function on Lambda', () => {
  it('answers from the store of the deployment, and the same when it is called again', async () => {
    await start(folderStore(folder), aRun('r', 'search.perRound=2'))
    const handler = onLambda(propose)
    const first = await handler({ run: 'r', round: 0 }, context)
    expect(first).toMatchObject({ run: 'r', round: 0, pending: 1 })
    expect(await handler({ run: 'r', round: 0 }, context)).toEqual(first)
  })

  it('writes what the dashboard shows, by run', async () => {
    await start(folderStore(folder), aRun('shown'))
    await onLambda(prepare, figuresOf)({ run: 'shown' }, context)
    const metrics = printed.filter((line) => line.includes('_aws')).map((line) => JSON.parse(line))
    const figures = metrics.find((each) => 'Trials' in each)
    expect(figures).toMatchObject({ run: 'shown', service: 'nas', Trials: 0, SpentUsd: 0 })
    expect(figures._aws.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'Trellis' })
    expect(new Set(figures._aws.CloudWatchMetrics[0].Dimensions[0])).toEqual(new Set(['service', 'run']))
  })

  it('hands an error on with what to do about it, under a name that Step Functions knows', async () => {
    const failing = onLambda(prepare)({ run: 'absent' }, context)
    await expect(failing).rejects.toMatchObject({
      name: 'TrellisError',
      message: expect.stringMatching(/absent.*does not exist; start the run first/),
    })
    expect(printed.join()).toContain('"run":"absent"')
  })
})
