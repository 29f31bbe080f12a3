import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { DatasetConfig } from '../../nas/data/config.ts'
import { openDataset } from '../../nas/data/open.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { parseConfig } from '../../nas/pipelines/parse-config.ts'
import { runOf, runRecordSchema } from '../../nas/pipelines/run.ts'
import { CONTRACT } from '../../nas/runs/contract.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { type DpcGenotype, type DpcOperation, FEATURES } from '../../nas/spaces/dpc/genotype.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { dpc as definition } from '../../pipelines/dpc/index.ts'

/** The program that runs in the container: bundled. */
const bundle = fileURLToPath(new URL('../../dist/job.js', import.meta.url))
if (!existsSync(bundle)) throw new Error(`${bundle} is missing: npm run build`)

export interface Ended {
  readonly exitCode: number | null
  readonly stderr: string
}

export interface RunningJob {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when so many steps of training are done; rejects if the job ends before. */
  atStep(step: number): Promise<void>
}

export interface JobRequest {
  readonly job: string
  readonly run: string
  readonly store: ObjectStore
  readonly trials?: readonly string[]
  readonly jobId?: string
  readonly attempt?: number
  /** What else is in the environment. */
  readonly environment?: Readonly<Record<string, string>>
}

const coresOf = (kind: string) =>
  Object.values(definition.jobs).find((job) => job.kind === kind)?.cores ?? 'one'

/** Starts a job as Batch does: with nothing but its environment. */
export function startJob(request: JobRequest): RunningJob {
  const { job, run, store, trials, jobId = job, attempt = 1, environment } = request
  const child = spawn(process.execPath, [bundle], {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: {
      TRELLIS_JOB: job,
      TRELLIS_CORES: coresOf(job),
      TRELLIS_RUN: run,
      TRELLIS_STORE: store.location,
      TRELLIS_INPUT: JSON.stringify(trials === undefined ? {} : { trials }),
      AWS_BATCH_JOB_ID: jobId,
      AWS_BATCH_JOB_ATTEMPT: String(attempt),
      ...environment,
    },
  })
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stderr }))
  })
  return {
    child,
    ended,
    atStep: (step) =>
      new Promise((resolve, reject) => {
        child.on('message', (progress: { step: number }) => {
          if (progress.step >= step) resolve()
        })
        ended.then(() => reject(new Error(`the job ended before step ${step}: ${stderr}`)))
      }),
  }
}

export const runJob = (request: JobRequest): Promise<Ended> => startJob(request).ended

const TINY = {
  pipeline: 'dpc',
  backbone: { width: 0.1, pretrain: { steps: 2, batch: 2, crop: [33, 33] } },
  space: { branches: 2, filters: 8 },
  proxy: { steps: 200, batch: 2, crop: [33, 33], views: 1 },
  rerank: { steps: 40, batch: 2, crop: [33, 33] },
  budget: { trials: 4 },
}

export const STREET: DatasetConfig = {
  kind: 'street',
  images: 4,
  validation: 2,
  height: 32,
  width: 64,
  seed: 0,
}

/** Records a run of the smallest search, as its start does, whose jobs can be started then. */
export async function recordRun(
  store: ObjectStore,
  run: string,
  dataset: DatasetConfig = STREET,
): Promise<DpcRun> {
  const { classes, train, validation, fingerprint } = await openDataset(dataset, openStore)
  const record = runRecordSchema.parse({
    run,
    config: parseConfig({ ...TINY, dataset }, 'test'),
    dataset: { classes, train: train.length, validation: validation.length, fingerprint },
    code: 'test',
    contract: CONTRACT,
    startedAt: 0,
  })
  await store.put(runKeys(run).config, jsonBytes(record))
  return runOf(record, dpc)
}

/** A cell of parallel operations. */
export const cell = (...operations: readonly DpcOperation[]): DpcGenotype => ({
  space: 'dpc',
  version: 1,
  branches: operations.map((operation) => ({ input: FEATURES, operation })),
})
