import type { PriceTable } from '../../../nas/runs/prices.ts'
import { jobs } from '../../../pipelines/names.ts'
import { currentPrices } from '../../prices.ts'
import { type Cloud, inCloud } from '../cloud.ts'
import type { Deployed, DeployedOptions } from '../deployed.ts'
import type { Sts } from '../services/sts.ts'
import { type Finding, findingsInWords } from './finding.ts'
import { checkImages } from './images.ts'
import { checkEnvironments, checkWaiting, environmentsOf } from './queues.ts'
import { checkQuotas } from './quotas.ts'

/** Looks for whatever may keep a run on AWS from getting on. */
export const doctor = (options: DeployedOptions): Promise<void> =>
  inCloud(options, async (cloud) => {
    console.log(findingsInWords(await examine(cloud, currentPrices(), Date.now())))
  })

export async function examine(
  { deployed, services }: Pick<Cloud, 'deployed' | 'services'>,
  prices: PriceTable,
  now: number,
): Promise<readonly Finding[]> {
  const account = await checkAccount(await services.sts(), deployed)
  const batch = await services.batch()
  const queues = Object.values(deployed.cards).flatMap(({ Queue, OnDemandQueue }) => [
    Queue,
    ...(OnDemandQueue === undefined ? [] : [OnDemandQueue]),
  ])
  const environments = await environmentsOf(batch, queues)
  return [
    account,
    ...checkEnvironments(environments),
    ...(await checkQuotas(await services.serviceQuotas(), environments)),
    ...(await checkImages(batch, await services.ecr(), definitionsOf(deployed))),
    ...(await checkWaiting(batch, queues, now)),
    checkPrices(prices, deployed.region, now),
  ]
}

async function checkAccount(sts: Sts, { account, region, name }: Deployed): Promise<Finding> {
  const { Account, Arn } = await sts.getCallerIdentity({})
  const what = `credentials of ${Arn}; ${name} is in account ${account}, ${region}`
  return Account === account ? { what } : { what, fix: `set AWS_PROFILE to a profile of account ${account}` }
}

/** As infra/batch/jobs.ts names them. */
const definitionsOf = ({ name, cards }: Deployed): readonly string[] =>
  Object.keys(cards).flatMap((card) => Object.values(jobs).map((job) => `${name}-${card}-${job}`))

const STALE_DAYS = 90

function checkPrices({ date, region }: PriceTable, deployedRegion: string, now: number): Finding {
  const what = `prices of ${date} in ${region}`
  const days = (now - Date.parse(date)) / 86_400_000
  const isStale = days > STALE_DAYS || region !== deployedRegion
  return isStale ? { what, fix: `AWS_REGION=${deployedRegion} trellis prices refresh` } : { what }
}
