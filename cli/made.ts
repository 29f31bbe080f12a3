import { cpus } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { isSame, takeInventory } from '../nas/data/inventory.ts'
import { contracts } from '../nas/pipelines/index.ts'
import { runRecordSchema } from '../nas/pipelines/run.ts'
import { isWhole } from '../nas/pipelines/verify.ts'
import type { RunConfig } from '../nas/runs/config.ts'
import { CONTRACT } from '../nas/runs/contract.ts'
import { getFiles } from '../nas/runs/dataset.ts'
import { runKeys } from '../nas/runs/keys.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { hasEnded } from '../nas/runs/references.ts'
import { getSound } from '../nas/store/json.ts'
import { openStore } from '../nas/store/open.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Dataset } from '../nas/tasks/task.ts'
import { runsIn, undefinedIfUnreadable } from './find-run.ts'
import { lookUnread } from './look-at.ts'
import { pipelineOf } from './pipelines/index.ts'
import type { Besides, LookAt } from './pipelines/pipeline.ts'
import { code } from './version.ts'

/**
 * Which kinds of jobs would find their work in the store, if a search started now. What an earlier run noted of the dataset says
 * which work that is, so that no image is read; trials are those of an earlier run of the same configuration that has ended.
 * @param kinds of jobs
 */
export async function madeKinds(
  config: RunConfig,
  dataset: Drawn,
  kinds: readonly string[],
): Promise<readonly string[]> {
  const store = openStore(config.store)
  const earlier = await runsOn(store, config, dataset)
  if (earlier[0] === undefined) return []
  const pipeline = pipelineOf(config)
  const noted = earlier.map((record) => ({
    run: record.run,
    besides: pipelineOf(record.config).besides(record),
  }))
  const { facts } = await pipeline.prepareInputs(config, lookNoted(store, noted))
  const record = runRecordSchema.parse({
    run: 'estimate',
    config,
    dataset: earlier[0].dataset,
    ...facts,
    device: cpus()[0]!.model,
    code,
    contract: CONTRACT,
    startedAt: 0,
  })
  const inputs = await pipeline.made(store, record)
  const isRepeated = await hasResults(store, record, earlier)
  return kinds.filter((kind) => inputs[kind] ?? isRepeated)
}

/** Whether any run has left work on a dataset, as far as its files are as they were. */
export const hasEarlierRuns = async (config: RunConfig, dataset: Drawn): Promise<boolean> =>
  (await runsOn(openStore(config.store), config, dataset)).length > 0

/** Of a dataset that is drawn the fingerprint tells which it is; of others, their files do. */
type Drawn = Pick<Dataset, 'fingerprint'>

interface Noted {
  readonly run: string
  readonly besides: Besides | null
}

/** What earlier runs noted of a dataset, where its files are as they were. */
const lookNoted =
  (store: ObjectStore, earlier: readonly Noted[]): LookAt =>
  async (task, source) => {
    if (source.path !== undefined) {
      const now = await takeInventory(openStore(source.path), task.prefixesOf(source))
      for (const { run, besides } of earlier) {
        if (besides === null || !isDeepStrictEqual(besides.source, source)) continue
        const files = await getFiles(store, run, besides.facts.fingerprint)
        if (files !== undefined && isSame(files, now))
          return { source, dataset: besides.facts, files, counts: undefined, extent: undefined, warnings: [] }
      }
    }
    return lookUnread(task, source)
  }

/** Runs of a dataset whose files are as they were for them. */
async function runsOn(store: ObjectStore, config: RunConfig, dataset: Drawn): Promise<readonly RunRecord[]> {
  const { path } = config.dataset
  const { task } = contracts.of(config.pipeline)
  const now = path === undefined ? {} : await takeInventory(openStore(path), task.prefixesOf(config.dataset))
  const isOn = async ({
    run,
    contract,
    config: { dataset: source },
    dataset: { fingerprint },
  }: RunRecord) => {
    if (contract !== CONTRACT || !isDeepStrictEqual(source, config.dataset)) return false
    const files = await getFiles(store, run, fingerprint)
    const isAsDrawn = path !== undefined || fingerprint === dataset.fingerprint
    return isAsDrawn && files !== undefined && isSame(files, now)
  }
  const found: RunRecord[] = []
  for (const run of await runsIn(store)) {
    const record = await getSound(store, runKeys(run).config, runRecordSchema).catch(undefinedIfUnreadable)
    if (record !== undefined && (await isOn(record).catch(undefinedIfUnreadable))) found.push(record)
  }
  return found
}

/** Whether an earlier run of the same configuration has come to its end, and its results are there. */
async function hasResults(
  store: ObjectStore,
  { config, device }: RunRecord,
  earlier: readonly RunRecord[],
): Promise<boolean> {
  const wanted = searchOf(config)
  for (const record of earlier) {
    const isEqual = isDeepStrictEqual(searchOf(record.config), wanted) && record.device === device
    const hasAll = async () => (await hasEnded(store, record.run)) && isWhole(store, record)
    if (isEqual && (await hasAll().catch(undefinedIfUnreadable))) return true
  }
  return false
}

/** What determines the results of a search. */
const searchOf = ({ name: _, store: __, compute: { engine }, ...search }: RunConfig) => ({
  ...search,
  engine,
})
