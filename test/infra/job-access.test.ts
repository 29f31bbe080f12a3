import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { functions } from '../../functions/index.ts'
import { openImages } from '../../nas/data/open-images.ts'
import { proxySpec } from '../../nas/pipelines/dpc/specs.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import { EXIT } from '../../nas/runs/job.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { denseNas } from '../../pipelines/densenas/search.ts'
import { edition } from '../../pipelines/dpc/edition.ts'
import { rerank } from '../../pipelines/dpc/rerank.ts'
import { dpc } from '../../pipelines/dpc/search.ts'
import {
  type FunctionName,
  functions as functionNames,
  type JobName,
  jobs,
  placeholder,
} from '../../pipelines/names.ts'
import { putClassFolders } from '../containers/class-folders.ts'
import { cell, recordRun, runJob } from '../containers/job.ts'
import { putImages } from '../containers/street-images.ts'
import { templateOf } from './deployment.ts'
import { ADMINISTRATOR, type PolicedS3, policedS3 } from './policed-s3.ts'
import { rightsIn } from './rights.ts'

/*
 * Whole searches against an S3 server that knows the policies as they are deployed: the functions here, the jobs as the
 * processes that they are in a container, each with the rights of its own role.
 */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

/** Of all that the machines of such searches name. */
const definitions = JSON.stringify([dpc, denseNas, rerank, edition])
const ROLES = [...functionNames, ...(Object.keys(jobs) as JobName[])].filter((name) =>
  definitions.includes(placeholder(name)),
)
const rights = rightsIn(templateOf(), ROLES)
let server: PolicedS3
let store: ObjectStore

/** What this process does now is done in a role. */
function become(role: string): void {
  for (const [name, value] of Object.entries(server.environment(role))) vi.stubEnv(name, value)
}

const call = <N extends FunctionName>(name: N, payload: Parameters<ReturnType<typeof functions>[N]>[0]) => {
  become(name)
  return (
    functions({ store: openStore('s3://bucket') })[name] as (
      given: typeof payload,
    ) => ReturnType<ReturnType<typeof functions>[N]>
  )(payload)
}

const work = async (run: string, name: JobName, trials?: readonly string[]) => {
  const request = { job: jobs[name], run, store, environment: server.environment(name) }
  const { exitCode, stderr } = await runJob({ ...request, ...(trials && { trials }) })
  expect(exitCode, `${name}: ${stderr}`).toBe(EXIT.done)
}

/** Does the work of the first line of a manifest. */
async function workOn(run: string, name: JobName, manifest: string): Promise<void> {
  become(ADMINISTRATOR)
  const [line] = new TextDecoder().decode(await store.get(manifest)).split('\n')
  await work(run, name, (JSON.parse(line!) as { trials: string[] }).trials)
}

async function searchCells(): Promise<void> {
  const run = 'r'
  become(ADMINISTRATOR)
  const record = await recordRun(store, run, await putImages(openStore('s3://bucket/datasets/d')))
  const { config } = record
  const short = {
    ...config,
    budget: { trials: 2 },
    proxy: { ...config.proxy, steps: 4 },
    search: { ...config.search, perRound: 1 },
    rerank: { ...config.rerank, top: 1, steps: 4, baselines: { aspp: true, random: 0 } },
  }
  await store.put(runKeys(run).config, jsonBytes({ ...record, config: short }))

  const { round } = await call('Prepare', { run })
  await work(run, 'Pretrain')
  await work(run, 'Features')
  await workOn(run, 'ProxyTask', (await call('Propose', { run, round })).manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('Propose', { run, round })
  await call('Aggregate', { run, round })
  // Of the second trial, and of the second training, nothing is ever heard.
  await call('Propose', { run, round: round + 1 })
  expect(await call('Aggregate', { run, round: round + 1 })).toMatchObject({ enough: true })
  await workOn(run, 'Train', (await call('PickTop', { run })).manifest)
  const { edition } = await call('PickTop', { run })
  const { winner } = await call('Correlate', { run, edition })
  await call('Decode', { run })
  await call('Settle', { run })
  expect(await call('Review', { run, usd: 5 })).toMatchObject({ due: true, survey: true })
  await work(run, 'Survey')
  expect(await call('Review', { run, usd: 5 })).toMatchObject({ due: true, survey: false })
  become(ADMINISTRATOR)
  const lost = await putSpec(store, proxySpec(record, cell({ kind: 'conv1x1' })))
  await call('RecordFailure', { run, trials: [lost, winner], cause: 'Host EC2 (instance i-0) terminated.' })
}

async function searchWithDenseNas(): Promise<void> {
  const run = 'd'
  become(ADMINISTRATOR)
  const dataset = await putClassFolders(openStore('s3://bucket/datasets/c'))
  const { classes, train, validation, fingerprint } = await openImages(dataset, openStore)
  const record = {
    run,
    config: parseConfig({ ...TINY, dataset }, 'test'),
    dataset: { classes, fingerprint, train: train.length, validation: validation.length },
    code: 'test',
    startedAt: 0,
  }
  await store.put(runKeys(run).config, jsonBytes(record))

  const { manifest } = await call('PrepareDenseNas', { run })
  await work(run, 'Latency')
  await workOn(run, 'Supernet', manifest)
  await workOn(run, 'Classifier', (await call('Derive', { run })).manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('PrepareDenseNas', { run })
  await call('Derive', { run })
  // Of the baseline nothing is ever heard.
  await call('Compare', { run })
  await call('DecodeDenseNas', { run })
  await call('Settle', { run })
}

/** The least that has everything. */
const TINY = {
  pipeline: 'densenas',
  image: 16,
  space: {
    operations: ['mbconv_k3_t1'],
    stages: [
      { stride: 2, widths: [4], layers: 0 },
      { stride: 4, widths: [8], layers: 1 },
    ],
    reach: 1,
    last: 8,
  },
  search: { epochs: 2, batch: 2, cost: { batch: 1 } },
  retrain: { epochs: 1, batch: 2 },
  baselines: { random: 0 },
}

/** What a search has no use for in which no reply is lost and nothing is missing, each with why it is granted. */
const FOR_BAD_DAYS: Readonly<Record<string, string>> = {
  's3:AbortMultipartUpload': 'an upload in parts that breaks off is cleared away',
  's3:ListBucket': 'what should be there and is not is told from what is forbidden',
  'Features s3:GetObject features/*': 'whose upload in parts it was whose reply was lost',
}

describe('the policies of functions and jobs', () => {
  beforeAll(async () => {
    server = await policedS3(rights)
    store = openStore('s3://bucket')
    await searchCells()
    await searchWithDenseNas()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server?.stop()
  })

  it('are enough for all that a search reads, writes, lists and deletes', () => {
    expect(server.refused).toEqual([])
  })

  it.each(ROLES)('give %s no right that it never uses', (role) => {
    expect(server.used(role).size).toBeGreaterThan(0)
    const idle = rights
      .get(role)!
      .filter((right) => !server.used(role).has(right))
      .filter(({ action, keys }) => !(action in FOR_BAD_DAYS || `${role} ${action} ${keys}` in FOR_BAD_DAYS))
    expect(idle.map(({ action, keys }) => `${action} ${keys}`)).toEqual([])
  })

  it('end a job that writes what they do not name', async () => {
    become('Train')
    await expect(openStore('s3://bucket').put('elsewhere/x', new Uint8Array())).rejects.toThrow(
      'AccessDenied',
    )
    expect(server.refused).toContain('Train s3:PutObject elsewhere/x')
  })
})
