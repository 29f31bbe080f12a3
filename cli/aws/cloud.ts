import { openStore } from '../../nas/store/open.ts'
import type { VersionedStore } from '../../nas/store/store.ts'
import { type Deployed, type DeployedOptions, readDeployed } from './deployed.ts'
import { onAws } from './errors.ts'
import { type Services, services } from './services/services.ts'

/** What a command works with: a deployment, its store, and AWS. */
export interface Cloud {
  readonly deployed: Deployed
  readonly store: VersionedStore
  readonly services: Services
}

/** Does something in a deployment. @throws TrellisError where it is not there, or AWS refuses */
export function inCloud<T>(options: DeployedOptions, work: (cloud: Cloud) => Promise<T>): Promise<T> {
  return onAws(async () => {
    const deployed = await readDeployed(options, services)
    // For every client, that of the store included: their region may be known by a profile alone.
    process.env.AWS_REGION = deployed.region
    return work({ deployed, store: openStore(storeOf(deployed)), services })
  })
}

export const storeOf = ({ Bucket }: Deployed): string => `s3://${Bucket}`
