import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch'
import { count } from '../../../report/format.ts'
import { isNamed } from '../errors.ts'
import type { ServiceQuotas } from '../services/service-quotas.ts'
import type { Finding } from './finding.ts'

/** Quotas of EC2 on vCPUs at once, by family: on demand and spot are counted apart. */
const QUOTAS: readonly {
  readonly families: RegExp
  readonly name: string
  readonly onDemand: string
  readonly spot: string
}[] = [
  { families: /^(g|vt)\d/, name: 'G and VT', onDemand: 'L-DB2E81BA', spot: 'L-3819A6DF' },
  { families: /^p5/, name: 'P5', onDemand: 'L-417A185B', spot: 'L-C4BD4855' },
  { families: /^p[234]/, name: 'P', onDemand: 'L-417A185B', spot: 'L-7212CCBC' },
  { families: /^[acdhimrtz]\d/, name: 'Standard', onDemand: 'L-1216C47A', spot: 'L-34B43A08' },
]

/** Whether the account may rent as many vCPUs as the environments may grow to. */
export async function checkQuotas(
  quotas: ServiceQuotas,
  environments: readonly ComputeEnvironmentDetail[],
): Promise<readonly Finding[]> {
  const asked = new Map<string, { readonly name: string; vcpus: number }>()
  for (const { computeResources } of environments) {
    const instance = computeResources?.instanceTypes?.[0] ?? ''
    const quota = QUOTAS.find(({ families }) => families.test(instance))
    if (quota === undefined) continue
    const spot = computeResources!.type === 'SPOT'
    const code = spot ? quota.spot : quota.onDemand
    const entry = asked.get(code) ?? { name: `${quota.name} ${spot ? 'spot' : 'on demand'}`, vcpus: 0 }
    asked.set(code, { ...entry, vcpus: entry.vcpus + computeResources!.maxvCpus! })
  }
  return Promise.all([...asked].map(([code, { name, vcpus }]) => checkQuota(quotas, code, name, vcpus)))
}

async function checkQuota(
  quotas: ServiceQuotas,
  QuotaCode: string,
  name: string,
  vcpus: number,
): Promise<Finding> {
  const allowed = await quotaOf(quotas, QuotaCode)
  const what = `quota ${QuotaCode}, ${name}: ${count(allowed)} vCPUs at once, the deployment may ask for ${count(vcpus)}`
  if (allowed >= vcpus) return { what }
  return {
    what,
    fix: `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${QuotaCode} --desired-value ${vcpus}${
      allowed > 0 ? ', or let fewer jobs run at once' : ''
    }`,
  }
}

/** A quota that was never raised may be unknown to the service: it is then that of a new account, none. */
async function quotaOf(quotas: ServiceQuotas, QuotaCode: string): Promise<number> {
  try {
    const { Quota } = await quotas.getServiceQuota({ ServiceCode: 'ec2', QuotaCode })
    return Quota?.Value ?? 0
  } catch (error) {
    if (isNamed(error, 'NoSuchResourceException')) return 0
    throw error
  }
}
