import { type Batch, openBatch } from './batch.ts'
import { type CloudFormation, openCloudFormation } from './cloudformation.ts'
import { type Ec2, openEc2 } from './ec2.ts'
import { type Ecr, openEcr } from './ecr.ts'
import { type Logs, openLogs } from './logs.ts'
import { openPricing, type Pricing } from './pricing.ts'
import { openScheduler, type Scheduler } from './scheduler.ts'
import { openServiceQuotas, type ServiceQuotas } from './service-quotas.ts'
import { openSfn, type Sfn } from './sfn.ts'
import { openSts, type Sts } from './sts.ts'

/** What commands use of AWS. A service's client is loaded when a command first asks for it. */
export interface Services {
  readonly batch: () => Promise<Batch>
  readonly cloudFormation: () => Promise<CloudFormation>
  readonly ec2: () => Promise<Ec2>
  readonly ecr: () => Promise<Ecr>
  readonly logs: () => Promise<Logs>
  readonly pricing: () => Promise<Pricing>
  readonly scheduler: () => Promise<Scheduler>
  readonly serviceQuotas: () => Promise<ServiceQuotas>
  readonly sfn: () => Promise<Sfn>
  readonly sts: () => Promise<Sts>
}

/** AWS itself: region and credentials come from where its SDK looks for them. */
export const services: Services = {
  batch: once(openBatch),
  cloudFormation: once(openCloudFormation),
  ec2: once(openEc2),
  ecr: once(openEcr),
  logs: once(openLogs),
  pricing: once(openPricing),
  scheduler: once(openScheduler),
  serviceQuotas: once(openServiceQuotas),
  sfn: once(openSfn),
  sts: once(openSts),
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => {
    opened ??= open()
    return opened
  }
}
