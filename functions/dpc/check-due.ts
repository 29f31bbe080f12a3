import { z } from 'zod'
import { isSame, takeInventory } from '../../nas/data/inventory.ts'
import { dpc } from '../../nas/pipelines/dpc/index.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import { readRunToContinue } from '../../nas/pipelines/run.ts'
import { filesSchema, latestDataset } from '../../nas/runs/dataset.ts'
import { runKeys } from '../../nas/runs/keys.ts'
import { readLedger, totals } from '../../nas/runs/ledger.ts'
import { summarySchema } from '../../nas/runs/summary.ts'
import { getJson, getSound, RESUME } from '../../nas/store/json.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { lambdaFunction, runEvent, type Services } from '../lambda-function.ts'

const eventSchema = z.object({ ...runEvent, usd: z.number().nullable() })

/** Checks whether the ranking of a run may be revised, and whether its dataset must be surveyed first. */
export const checkDue = lambdaFunction('CheckDue', eventSchema, async ({ run, usd }, services) => {
  const { store } = services
  const record = await readRunToContinue(store, run, dpc)
  const reason = await whyNot(store, run, usd)
  return {
    run,
    due: reason === undefined,
    reason: reason ?? 'the search is over',
    survey: reason === undefined && (await hasChanged(services, record)),
  }
})

async function whyNot(store: ObjectStore, run: string, usd: number | null): Promise<string | undefined> {
  const summary = await getJson(store, runKeys(run).summary, summarySchema, RESUME)
  if (summary?.status !== 'succeeded') return 'the search is not over, and ranks what it finds itself'
  if (usd === null) return undefined
  const spent = totals(await readLedger(store, run)).usd
  return spent < usd
    ? undefined
    : `the run has cost ${spent.toFixed(2)} dollars in all, of ${usd} allowed for re-ranking it`
}

/** By the versions that the store lists; no file is read. A generated dataset does not change. */
async function hasChanged({ store, openDataset = openStore }: Services, record: DpcRun): Promise<boolean> {
  const { dataset } = record.config
  if (!('path' in dataset)) return false
  const { fingerprint } = await latestDataset(store, record)
  const files = (await getSound(store, runKeys(record.run).files(fingerprint), filesSchema))?.files
  return (
    files === undefined ||
    !isSame(files, await takeInventory(openDataset(dataset.path), dpc.task.prefixesOf(dataset)))
  )
}
