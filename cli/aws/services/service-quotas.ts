import type { GetServiceQuotaRequest, GetServiceQuotaResponse } from '@aws-sdk/client-service-quotas'
import { settings } from './settings.ts'

export interface ServiceQuotas {
  getServiceQuota(request: GetServiceQuotaRequest): Promise<GetServiceQuotaResponse>
}

export async function openServiceQuotas(): Promise<ServiceQuotas> {
  const { ServiceQuotas } = await import('@aws-sdk/client-service-quotas')
  return new ServiceQuotas(settings)
}
