import { TrellisError } from '../../nas/errors.ts'
import { checkContract } from '../../nas/runs/contract.ts'
import { checkEngine } from '../../nas/runs/images.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { findRunIn } from '../find-run.ts'
import { jobsAtOnce } from '../place.ts'
import { checkSearched, rerankingOf } from '../rerank.ts'
import { type Cloud, inCloud } from './cloud.ts'
import { type Deployed, type DeployedOptions, machinesOf } from './deployed.ts'
import { INSTEAD, onAwsRun } from './local-run.ts'

/** What the machine that re-ranks is started with, now or by a schedule. @param usd that the run may cost in all */
export const rerankInput = ({ run, config }: RunRecord, usd: number | undefined): string =>
  JSON.stringify({ run, concurrency: jobsAtOnce(config.compute, 'aws'), ...(usd !== undefined && { usd }) })

/** ARN of the machine that re-ranks a run. @throws TrellisError `invalid-pipeline`, `unsupported` where there is none */
export function rerankMachine(deployed: Deployed, record: RunRecord): string {
  const { machine } = rerankingOf(record)
  checkContract(record)
  checkEngine(record.config.compute)
  const arn = machinesOf(deployed, record.config)[machine]
  if (arn !== undefined) return arn
  throw new TrellisError('unsupported', `the machine ${machine} is not deployed in ${deployed.name}`, {
    fix: 'trellis deploy, with this version of Trellis',
  })
}

/** Revises the ranking of a run on AWS. */
export const rerank = (run: string, options: DeployedOptions): Promise<void> =>
  onAwsRun(run, INSTEAD.withoutAws, () =>
    inCloud(options, async (cloud) => console.log(await startRerank(cloud, run))),
  )

/** @throws TrellisError `invalid-config` for a run whose search has no end yet */
export async function startRerank({ deployed, store, services }: Cloud, name: string): Promise<string> {
  const record = await findRunIn(store, name)
  const { run } = record
  const stateMachineArn = rerankMachine(deployed, record)
  await checkSearched(store, run)
  await (await services.sfn()).startExecution({ stateMachineArn, input: rerankInput(record, undefined) })
  return `run ${run} is re-ranked on AWS if anything is new; see trellis status ${run}`
}
