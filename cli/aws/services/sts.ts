import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts'
import { settings } from './settings.ts'

export interface Sts {
  getCallerIdentity(request: GetCallerIdentityRequest): Promise<GetCallerIdentityResponse>
  /** Of the environment or the profile. */
  readonly config: { region(): Promise<string> }
}

export async function openSts(): Promise<Sts> {
  const { STS } = await import('@aws-sdk/client-sts')
  return new STS(settings)
}
