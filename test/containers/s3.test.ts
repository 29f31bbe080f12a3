import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readBackboneWeights } from '../../cli/pipelines/backbone-weights.ts'
import { backboneKey } from '../../nas/pipelines/dpc/backbone.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { proxySpec, trainSpec } from '../../nas/pipelines/dpc/specs.ts'
import { backboneKeys } from '../../nas/runs/inputs.ts'
import { EXIT } from '../../nas/runs/job.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { readLedger } from '../../nas/runs/ledger.ts'
import { getResult } from '../../nas/runs/result.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { openStore } from '../../nas/store/open.ts'
import { decodeSafetensors } from '../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { listed } from '../nas/store/contract.ts'
import { radosgwInstalled, type S3Server, startRadosgw } from '../nas/store/radosgw.ts'
import { cell, type JobRequest, recordRun, runJob, startJob } from './job.ts'
import { putImages } from './street-images.ts'

/** Each test starts several processes; where many tests run at once that takes a while. */
const genotype = cell({ kind: 'conv1x1' }, { kind: 'atrous', rate: [1, 6] })

describe.skipIf(!radosgwInstalled)('jobs that have nothing but an S3 server', () => {
  let server: S3Server
  let store: ObjectStore
  let record: DpcRun
  const run = 'r'
  const runHere = (request: Omit<JobRequest, 'run' | 'environment'>) =>
    runJob({ ...request, run, environment: server.environment })

  beforeAll(async () => {
    server = await startRadosgw()
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value)
    const client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true })
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
    store = openStore('s3://bucket/results')
    record = await recordRun(store, run, await putImages(openStore('s3://bucket/street')))
    for (const job of ['pretrain', 'features'] as const)
      expect(await runHere({ job, store })).toMatchObject({ exitCode: EXIT.done })
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server?.stop()
  })

  it('leave a backbone in the bucket that another run can be started with', async () => {
    const key = backboneKeys(backboneKey(record)).weights
    const { tensors } = decodeSafetensors((await store.get(key))!, key)
    const read = await readBackboneWeights(`${store.location}/${key}`, record.config.backbone)
    expect(read.tensors).toEqual(tensors)
  })

  it('try a shard of cells on the proxy task', async () => {
    const specs = [genotype, cell({ kind: 'conv1x1' }, { kind: 'pyramid-pooling', grid: [1, 1] })]
    const trials = await Promise.all(specs.map((each) => putSpec(store, proxySpec(record, each))))
    const shard = { job: 'proxy-task', store, trials } as const
    expect(await runHere(shard)).toMatchObject({ exitCode: EXIT.done })
    for (const trial of trials) {
      expect(await getResult(store, trial)).toMatchObject({ status: 'succeeded', score: expect.any(Number) })
      expect(await store.get(trialKeys(trial).checkpoint)).toBeUndefined()
    }
    const ledger = await readLedger(store, run)
    expect(ledger.map(({ job, outcome }) => `${job} ${outcome}`).sort()).toEqual([
      'features succeeded',
      'pretrain succeeded',
      'proxy-task succeeded',
    ])
  })

  it('train a network to the same bytes, interrupted by SIGTERM or not', async () => {
    const trial = await putSpec(store, trainSpec(record, record.dataset, genotype, 0))
    const undisturbed = openStore('s3://bucket/undisturbed')
    for await (const key of store.list('')) await undisturbed.put(key, (await store.get(key))!)
    const request = { job: 'train', trials: [trial] } as const
    expect(await runHere({ ...request, store: undisturbed })).toMatchObject({ exitCode: EXIT.done })
    expect(await getResult(undisturbed, trial)).toMatchObject({ status: 'succeeded' })

    const first = startJob({ ...request, run, store, environment: server.environment })
    await first.atStep(5)
    first.child.kill('SIGTERM')
    expect(await first.ended).toMatchObject({ exitCode: EXIT.retry })
    const keys = trialKeys(trial)
    const { metadata } = decodeSafetensors((await store.get(keys.checkpoint))!, 'checkpoint')
    expect(Number(metadata.step)).toBeGreaterThanOrEqual(5)
    expect(Number(metadata.step)).toBeLessThan(record.config.rerank.steps)
    expect(await runHere({ ...request, store, attempt: 2 })).toMatchObject({ exitCode: EXIT.done })

    const files = [keys.model, keys.prediction(0), keys.prediction(1), keys.result, keys.weights]
    expect(await listed(store, `trials/${trial}/`)).toEqual(expect.arrayContaining(files))
    for (const file of files) {
      const [resumed, whole] = await Promise.all([store.get(file), undisturbed.get(file)])
      expect(Buffer.compare(resumed!, whole!), file).toBe(0)
    }
  })
})
