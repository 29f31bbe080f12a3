import { type RunRecord, runOf } from '../../nas/pipelines/run.ts'
import { findRunIn } from '../find-run.ts'
import { jobsAtOnce } from '../place.ts'
import { checkSearched } from '../rerank.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type DeployedOptions, machinesOf } from './deployed.ts'

/** What the machine `edition` is started with, now or by a schedule. @param usd that the run may cost in all */
export const editionInput = ({ run, config }: RunRecord, usd: number | undefined): string =>
  JSON.stringify({ run, concurrency: jobsAtOnce(config.compute, 'aws'), ...(usd !== undefined && { usd }) })

/** Starts a new edition of the ranking of a run on AWS. */
export const rerank = (run: string, options: DeployedOptions): Promise<void> =>
  inCloud(options, async (cloud) => console.log(await startEdition(cloud, run)))

/** @throws TrellisError `invalid-config` for a run whose search has no end yet */
export async function startEdition({ deployed, store, services }: Cloud, run: string): Promise<string> {
  const record = runOf(await findRunIn(store, run), 'dpc')
  await checkSearched(store, run)
  const { Edition } = machinesOf(deployed, record.config.compute.card)
  await (await services.sfn()).startExecution({
    stateMachineArn: Edition,
    input: editionInput(record, undefined),
  })
  return `run ${run} is re-ranked on AWS if anything is new; see trellis status ${run}`
}
