import { setTimeout } from 'node:timers/promises'
import { contracts } from '../../../nas/pipelines/index.ts'
import type { PriceTable } from '../../../nas/runs/prices.ts'
import { STATUS } from '../../boundary.ts'
import { currentPrices } from '../../prices.ts'
import { type Deployed, type DeployedOptions, readDeployed } from '../deployed.ts'
import { onAws } from '../errors.ts'
import { type Services, services } from '../services/services.ts'
import { type Finding, findingsInWords, findingsOf, isProblem } from './finding.ts'
import { checkImages } from './images.ts'
import { checkEnvironments, checkQueues, checkWaiting, environmentsOf } from './queues.ts'
import { checkQuotas } from './quotas.ts'
import { smokeTests } from './smoke.ts'

/** Looks for whatever may keep a run on AWS from getting on. @throws TrellisError without credentials: nothing can be asked then */
export const doctor = (options: DeployedOptions & { readonly run?: true }): Promise<void> =>
  onAws(async () => {
    const caller = await (await services.sts()).getCallerIdentity({})
    console.log(`credentials of ${caller.Arn}`)
    const deployed = await readDeployed(options, services)
    process.env.AWS_REGION = deployed.region
    const findings = [
      { what: `${deployed.name} is deployed in account ${deployed.account}, ${deployed.region}` },
      ...(await examine(deployed, services, Date.now())),
      checkPrices(currentPrices(), deployed.region, Date.now()),
      ...(options.run ? await findingsOf(() => smokeTests({ deployed, services }, setTimeout)) : []),
    ]
    console.log(findingsInWords(findings))
    if (findings.some(isProblem)) process.exitCode = STATUS.failed
  })

/** What of a deployment AWS itself knows: machines, quotas, images, queues. */
export async function examine(
  deployed: Deployed,
  services: Pick<Services, 'batch' | 'ecr' | 'serviceQuotas'>,
  now: number,
): Promise<readonly Finding[]> {
  const [batch, ecr, quotas] = await Promise.all([services.batch(), services.ecr(), services.serviceQuotas()])
  const queues = Object.values(deployed.cards).flatMap(({ Queue, OnDemandQueue }) => [
    Queue,
    ...(OnDemandQueue === undefined ? [] : [OnDemandQueue]),
  ])
  const checks = [
    () => checkQueues(batch, queues),
    async () => checkEnvironments(await environmentsOf(batch, queues)),
    async () => checkQuotas(quotas, await environmentsOf(batch, queues)),
    () => checkImages(batch, ecr, definitionsOf(deployed)),
    () => checkWaiting(batch, queues, now),
  ]
  return (await Promise.all(checks.map(findingsOf))).flat()
}

/** As infra/batch/jobs.ts names them. */
const definitionsOf = ({ name, cards }: Deployed): readonly string[] =>
  Object.keys(cards).flatMap((card) =>
    contracts
      .all()
      .flatMap(([pipeline, { jobs }]) => jobs.map((kind) => `${name}-${card}-${pipeline}-${kind}`)),
  )

const STALE_DAYS = 90

export function checkPrices({ date, region }: PriceTable, deployedRegion: string, now: number): Finding {
  const what = `prices of ${date} in ${region}`
  const days = (now - Date.parse(date)) / 86_400_000
  const isStale = days > STALE_DAYS || region !== deployedRegion
  return isStale ? { what, fix: `AWS_REGION=${deployedRegion} trellis prices refresh` } : { what }
}
