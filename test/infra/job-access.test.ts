import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { aggregate as aggregateDetectors } from '../../functions/auto-fpn/aggregate.ts'
import { compare as compareDetectors } from '../../functions/auto-fpn/compare.ts'
import { decode as decodeDetector } from '../../functions/auto-fpn/decode.ts'
import { deriveHead } from '../../functions/auto-fpn/derive-head.ts'
import { deriveNeck } from '../../functions/auto-fpn/derive-neck.ts'
import { prepare as prepareDetector } from '../../functions/auto-fpn/prepare.ts'
import { propose as proposeDetectors } from '../../functions/auto-fpn/propose.ts'
import { compare } from '../../functions/densenas/compare.ts'
import { decode as decodeNetwork } from '../../functions/densenas/decode.ts'
import { derive } from '../../functions/densenas/derive.ts'
import { prepare as prepareSupernet } from '../../functions/densenas/prepare.ts'
import { aggregate } from '../../functions/dpc/aggregate.ts'
import { checkDue } from '../../functions/dpc/check-due.ts'
import { correlate } from '../../functions/dpc/correlate.ts'
import { decode as decodeCell } from '../../functions/dpc/decode.ts'
import { pickTop } from '../../functions/dpc/pick-top.ts'
import { prepare as prepareCells } from '../../functions/dpc/prepare.ts'
import { propose } from '../../functions/dpc/propose.ts'
import { finalize } from '../../functions/finalize.ts'
import { pipelines } from '../../functions/index.ts'
import type { LambdaFunction } from '../../functions/lambda-function.ts'
import { recordFailure } from '../../functions/record-failure.ts'
import { aggregate as aggregateHalfStep } from '../../functions/topformer/aggregate.ts'
import { compare as compareNetworks } from '../../functions/topformer/compare.ts'
import { decode as decodeSegmenter } from '../../functions/topformer/decode.ts'
import { derive as deriveNetworks } from '../../functions/topformer/derive.ts'
import { prepare as prepareElastic, prepareSupernets } from '../../functions/topformer/prepare.ts'
import { propose as proposeHalfStep } from '../../functions/topformer/propose.ts'
import type { DetectionConfig } from '../../nas/data/detection/config.ts'
import { contentHash } from '../../nas/hash.ts'
import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { backboneKey as backboneOf } from '../../nas/pipelines/auto-fpn/inputs.ts'
import { proxySpec } from '../../nas/pipelines/dpc/specs.ts'
import { storeLayout } from '../../nas/pipelines/layout.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import { readRunOf } from '../../nas/pipelines/run.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { givenWeights, topformerKeys } from '../../nas/pipelines/topformer/keys.ts'
import { trainSpec } from '../../nas/pipelines/topformer/specs.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { CONTRACT } from '../../nas/runs/contract.ts'
import { factsOf } from '../../nas/runs/dataset.ts'
import { backboneKeys, featuresKeys } from '../../nas/runs/inputs.ts'
import { EXIT } from '../../nas/runs/job.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { putShards } from '../../nas/runs/shards.ts'
import { policyOf } from '../../nas/runs/store-layout.ts'
import { putSpec } from '../../nas/runs/trial.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { classification } from '../../nas/tasks/classification.ts'
import { detection } from '../../nas/tasks/detection.ts'
import { segmentation } from '../../nas/tasks/segmentation.ts'
import type { Dataset } from '../../nas/tasks/task.ts'
import { jobs as detectorJobs } from '../../pipelines/auto-fpn/jobs.ts'
import { jobs as supernetJobs } from '../../pipelines/densenas/jobs.ts'
import { jobs as cellJobs } from '../../pipelines/dpc/jobs.ts'
import type { JobDefinition } from '../../pipelines/pipeline.ts'
import { sharedFunctions } from '../../pipelines/shared.ts'
import { jobs as elasticJobs } from '../../pipelines/topformer/jobs.ts'
import { TINY_TOPFORMER } from '../cli/tiny.ts'
import { putClassFolders } from '../containers/class-folders.ts'
import { cell, recordRun, runJob } from '../containers/job.ts'
import { putImages } from '../containers/street-images.ts'
import { xml } from '../nas/data/detection/fixtures.ts'
import { picture, text } from '../nas/data/memory.ts'
import { templateOf } from './deployment.ts'
import { ADMINISTRATOR, type PolicedS3, policedS3 } from './policed-s3.ts'
import { rightsIn } from './rights.ts'

/*
 * Whole searches against an S3 server that knows the policies as they are deployed: the functions here, the jobs as the
 * processes that they are in a container, each with the rights of its own role.
 */

/** Of every function and every job, by the logical ids of their roles. */
const ROLES = [
  ...Object.keys(sharedFunctions),
  ...pipelines
    .all()
    .flatMap(([pipeline, { definition }]) =>
      Object.keys({ ...definition.functions, ...definition.jobs }).map((name) => `${pipeline}${name}`),
    ),
]
const rights = rightsIn(templateOf(), ROLES)
let server: PolicedS3
let store: ObjectStore

/** What this process does now is done in a role. */
function become(role: string): void {
  for (const [name, value] of Object.entries(server.environment(role))) vi.stubEnv(name, value)
}

const call = <T>(role: string, make: LambdaFunction<T>, event: object): Promise<T> => {
  become(role)
  return make({ store: openStore('s3://bucket') })(event)
}

interface Work {
  readonly run: string
  readonly role: string
  readonly job: JobDefinition
}

const work = async ({ run, role, job }: Work, trials?: readonly string[], exit: number = EXIT.done) => {
  const environment = { ...server.environment(role), TRELLIS_CORES: job.cores }
  const request = { job: job.kind, run, store, environment }
  const { exitCode, stderr } = await runJob({ ...request, ...(trials && { trials }) })
  expect(exitCode, `${role}: ${stderr}`).toBe(exit)
}

/** Records a run of a dataset, as its start does. */
async function putRecord(
  run: string,
  config: RunConfig,
  dataset: Dataset,
  facts: object = {},
): Promise<void> {
  const known = { code: 'test', contract: CONTRACT, startedAt: 0 }
  const record = { run, config, dataset: factsOf(dataset), ...known, ...facts }
  await store.put(runKeys(run).config, jsonBytes(record))
}

/** Does the work of a manifest. */
async function workOn(job: Work, manifest: string): Promise<void> {
  become(ADMINISTRATOR)
  const lines = new TextDecoder()
    .decode(await store.get(manifest))
    .trim()
    .split('\n')
  for (const line of lines) await work(job, (JSON.parse(line) as { trials: string[] }).trials)
}

/** Does the first work of a manifest where an object is damaged, which the job finds and deletes. */
async function findDamaged(job: Work, key: string, manifest?: string): Promise<void> {
  become(ADMINISTRATOR)
  await store.put(key, new TextEncoder().encode('damaged'))
  const [line] = manifest === undefined ? [] : new TextDecoder().decode(await store.get(manifest)).split('\n')
  const trials = line && (JSON.parse(line) as { trials: string[] }).trials
  await work(job, trials || undefined, EXIT.permanentFailure)
  become(ADMINISTRATOR)
  expect(await store.get(key)).toBeUndefined()
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

  const jobs = (name: keyof typeof cellJobs): Work => ({ run, role: `dpc${name}`, job: cellJobs[name] })
  const { round, backbone, features } = await call('dpcPrepare', prepareCells, { run })
  const { checkpoint, weights } = backboneKeys(backbone)
  become(ADMINISTRATOR)
  await store.put(checkpoint, new TextEncoder().encode('damaged'))
  await work(jobs('Pretrain'))
  await findDamaged(jobs('Features'), weights)
  await work(jobs('Pretrain'))
  await work(jobs('Features'))
  const first = await call('dpcPropose', propose, { run, round })
  await findDamaged(jobs('ProxyTask'), featuresKeys(features).shard(0), first.manifest)
  await work(jobs('Features'))
  await workOn(jobs('ProxyTask'), first.manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('dpcPropose', propose, { run, round })
  await call('dpcAggregate', aggregate, { run, round })
  const second = await call('dpcPropose', propose, { run, round: round + 1 })
  await workOn(jobs('ProxyTask'), second.manifest)
  expect(await call('dpcAggregate', aggregate, { run, round: round + 1 })).toMatchObject({ enough: true })
  const picked = await call('dpcPickTop', pickTop, { run })
  await findDamaged(jobs('Train'), weights, picked.manifest)
  await work(jobs('Pretrain'))
  await workOn(jobs('Train'), picked.manifest)
  const { edition } = await call('dpcPickTop', pickTop, { run })
  const { winner } = await call('dpcCorrelate', correlate, { run, edition })
  await call('dpcDecode', decodeCell, { run })
  await call('Finalize', finalize, { run })
  const check = () => call('dpcCheckDue', checkDue, { run, usd: 5 })
  expect(await check()).toMatchObject({ due: true, survey: true })
  await work(jobs('Survey'))
  expect(await check()).toMatchObject({ due: true, survey: false })
  become(ADMINISTRATOR)
  const lost = await putSpec(store, proxySpec(record, cell({ kind: 'conv1x1' })))
  const failure = { run, trials: [lost, winner], cause: 'Host EC2 (instance i-0) terminated.' }
  await call('RecordFailure', recordFailure, failure)
}

async function searchWithDenseNas(): Promise<void> {
  const run = 'd'
  become(ADMINISTRATOR)
  const dataset = await putClassFolders(openStore('s3://bucket/datasets/c'))
  const config = parseConfig({ ...TINY, dataset }, 'test')
  await putRecord(run, config, await classification.open(dataset, openStore))

  const jobs = (name: keyof typeof supernetJobs): Work => ({
    run,
    role: `densenas${name}`,
    job: supernetJobs[name],
  })
  const { manifest } = await call('densenasPrepare', prepareSupernet, { run })
  await work(jobs('Latency'))
  await workOn(jobs('Supernet'), manifest)
  await workOn(jobs('Classifier'), (await call('densenasDerive', derive, { run })).manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('densenasPrepare', prepareSupernet, { run })
  await call('densenasDerive', derive, { run })
  // Of the baseline nothing is ever heard.
  await call('densenasCompare', compare, { run })
  await call('densenasDecode', decodeNetwork, { run })
  await call('Finalize', finalize, { run })
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

async function searchDetectors(): Promise<void> {
  const run = 'a'
  become(ADMINISTRATOR)
  const path = 's3://bucket/datasets/v'
  const files = openStore(path)
  for (const name of ['a', 'b', 'c']) {
    await files.put(`JPEGImages/${name}.png`, picture(64, 64))
    await files.put(`Annotations/${name}.xml`, xml([['cat', 5, 5, 40, 40]], [64, 64]))
  }
  await files.put('ImageSets/Main/train.txt', text('a\nb'))
  await files.put('ImageSets/Main/val.txt', text('c'))
  const config = parseConfig({ ...SMALL, dataset: { kind: 'voc', path } }, 'test')
  const dataset = config.dataset as DetectionConfig
  await putRecord(run, config, await detection.open(dataset, openStore))

  const jobs = (name: keyof typeof detectorJobs): Work => ({
    run,
    role: `auto-fpn${name}`,
    job: detectorJobs[name],
  })
  const { manifest } = await call('auto-fpnPrepare', prepareDetector, { run })
  become(ADMINISTRATOR)
  const stored = await readRunOf(store, run, autoFpn)
  const { checkpoint, weights } = backboneKeys(backboneOf(stored))
  await store.put(checkpoint, new TextEncoder().encode('damaged'))
  await work(jobs('Backbone'))
  await findDamaged(jobs('Features'), weights)
  await work(jobs('Backbone'))
  await work(jobs('Features'))
  await workOn(jobs('Neck'), manifest)
  const heads = await call('auto-fpnDeriveNeck', deriveNeck, { run })
  await workOn(jobs('Head'), heads.manifest)
  for (const round of [0, 1]) {
    const proposed = await call('auto-fpnPropose', proposeDetectors, { run, round })
    await workOn(jobs('Evolution'), proposed.manifest)
    await call('auto-fpnPropose', proposeDetectors, { run, round })
    await call('auto-fpnAggregate', aggregateDetectors, { run, round })
  }
  const chosen = await call('auto-fpnDeriveHead', deriveHead, { run })
  await findDamaged(jobs('Detector'), weights, chosen.manifest)
  await work(jobs('Backbone'))
  await workOn(jobs('Detector'), chosen.manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('auto-fpnPrepare', prepareDetector, { run })
  await call('auto-fpnDeriveNeck', deriveNeck, { run })
  await call('auto-fpnDeriveHead', deriveHead, { run })
  await call('auto-fpnCompare', compareDetectors, { run })
  await call('auto-fpnDecode', decodeDetector, { run })
  await call('Finalize', finalize, { run })
}

/** Likewise. */
const SMALL = {
  pipeline: 'auto-fpn',
  image: [64, 64],
  backbone: { width: 0.1, pretrain: { steps: 1, batch: 1 } },
  detector: { channels: 8, hidden: 8, cell: 8, regions: 4, proposals: 4 },
  space: { layers: 1, cells: 1 },
  search: { steps: 1, batch: 1, views: 1 },
  retrain: { steps: 1, batch: 1 },
  baselines: {
    fpn: false,
    random: 0,
    evolution: { population: 1, tournament: 1, evaluations: 2, perRound: 1, steps: 1 },
  },
}

async function searchElastic(): Promise<void> {
  const run = 't'
  become(ADMINISTRATOR)
  const dataset = await putImages(openStore('s3://bucket/datasets/e'))
  const tiny = parse(TINY_TOPFORMER)
  const search = { ...tiny.search, limit: { of: 'latency', most: [1000] } }
  const labelled = { kind: 'class-folders', path: 's3://bucket/datasets/l', train: 'train' } as const
  for (const name of ['train/a', 'train/b', 'val/a', 'val/b'])
    await openStore(labelled.path).put(`${name}/1.png`, picture(32, 32))
  const pretrain = { dataset: labelled, image: 80, steps: 1, batch: 2 }
  const config = parseConfig({ ...tiny, search, pretrain, dataset }, 'test')
  const images = await segmentation.open(dataset, openStore)
  const pretraining = factsOf(await classification.open(labelled, openStore))
  await putRecord(run, config, images, { pretraining })

  const jobs = (name: keyof typeof elasticJobs, of = run): Work => ({
    run: of,
    role: `topformer${name}`,
    job: elasticJobs[name],
  })
  const { manifest } = await call('topformerPrepare', prepareElastic, { run })
  await work(jobs('Latency'))
  await workOn(jobs('Pretrain'), manifest)
  const supernets = await call('topformerPrepareSupernets', prepareSupernets, { run })
  await workOn(jobs('Supernet'), supernets.manifest)
  // As a resumed search does, which forgets who has started the trials.
  await call('topformerPrepare', prepareElastic, { run })
  await call('topformerPrepareSupernets', prepareSupernets, { run })
  for (const round of [0, 1]) {
    const proposed = await call('topformerPropose', proposeHalfStep, { run, round })
    await workOn(jobs('Evaluate'), proposed.manifest)
    await call('topformerPropose', proposeHalfStep, { run, round })
    await call('topformerAggregate', aggregateHalfStep, { run, round })
  }
  await workOn(jobs('Train'), (await call('topformerDerive', deriveNetworks, { run })).manifest)
  await call('topformerDerive', deriveNetworks, { run })
  await call('topformerCompare', compareNetworks, { run })
  await call('topformerDecode', decodeSegmenter, { run })
  await call('Finalize', finalize, { run })
  await startFromGiven(
    parseConfig({ ...tiny, pretrain: { weights: 'given' }, dataset }, 'test'),
    images,
    jobs,
  )
}

/** Supernets, and networks that are trained in full, read weights that were given: damaged ones, which they delete. */
async function startFromGiven(
  config: RunConfig,
  images: Dataset,
  jobs: (name: 'Supernet' | 'Train', run: string) => Work,
): Promise<void> {
  const run = 'u'
  const pretrainedWeights = contentHash('given')
  become(ADMINISTRATOR)
  await putRecord(run, config, images, { pretrainedWeights })
  const supernet = await call('topformerPrepare', prepareElastic, { run })
  await findDamaged(jobs('Supernet', run), givenWeights(pretrainedWeights), supernet.manifest)
  const spec = trainSpec(await readRunOf(store, run, topformer), { kind: 'scaled', width: 1 / 64 }, 0)
  const { candidateShards } = topformerKeys(run)
  await putShards(store, candidateShards, [await putSpec(store, spec)], 1)
  await findDamaged(jobs('Train', run), givenWeights(pretrainedWeights), candidateShards)
}

/** What a search has no use for in which no reply is lost and nothing is missing, each with why it is granted. */
const FOR_BAD_DAYS: Readonly<Record<string, string>> = {
  's3:AbortMultipartUpload': 'an upload in parts that breaks off is cleared away',
  's3:ListBucket': 'what should be there and is not is told from what is forbidden',
  'dpcFeatures s3:GetObject features/*': 'whose upload in parts it was whose reply was lost',
  'auto-fpnFeatures s3:GetObject features/*': 'likewise',
  'auto-fpnNeck s3:DeleteObject features/*': 'what is damaged is made again',
  'auto-fpnNeck s3:DeleteObject backbones/*': 'likewise',
  'auto-fpnHead s3:DeleteObject features/*': 'likewise',
  'auto-fpnHead s3:DeleteObject backbones/*': 'likewise',
  'auto-fpnEvolution s3:DeleteObject backbones/*': 'likewise',
  's3:GetObject runs/*/job-failure.json': 'whose write it was whose reply was lost',
  's3:PutObject runs/*/failures/*': 'a trial has failed for an unknown reason',
  's3:DeleteObject runs/*/failures/*': 'that is forgotten when the run is resumed',
  's3:DeleteObject runs/*/starts/*': 'an attempt was interrupted, or its run is resumed',
}

describe('the policies of functions and jobs', () => {
  beforeAll(async () => {
    server = await policedS3(rights)
    store = openStore('s3://bucket')
    await searchCells()
    await searchWithDenseNas()
    await searchDetectors()
    await searchElastic()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server?.stop()
  })

  it('are enough for all that a search reads, writes, lists and deletes', () => {
    expect(server.refused).toEqual([])
  })

  it('are to keys that the layout of the store has a policy for', () => {
    const layout = storeLayout()
    const written = server.keys().filter((key) => !key.startsWith('datasets/'))
    expect(written.length).toBeGreaterThan(40)
    expect(written.filter((key) => policyOf(layout, key) === undefined)).toEqual([])
  })

  it.each(ROLES)('give %s no right that it never uses', (role) => {
    expect(server.used(role).size).toBeGreaterThan(0)
    const idle = rights
      .get(role)!
      .filter((right) => !server.used(role).has(right))
      .filter(
        ({ action, keys }) =>
          ![action, `${action} ${keys}`, `${role} ${action} ${keys}`].some((right) => right in FOR_BAD_DAYS),
      )
    expect(idle.map(({ action, keys }) => `${action} ${keys}`)).toEqual([])
  })

  it('end a job that writes what they do not name', async () => {
    become('dpcTrain')
    await expect(openStore('s3://bucket').put('elsewhere/x', new Uint8Array())).rejects.toThrow(
      'AccessDenied',
    )
    expect(server.refused).toContain('dpcTrain s3:PutObject elsewhere/x')
  })
})
