import type { GetProductsRequest, GetProductsResponse } from '@aws-sdk/client-pricing'
import { settings } from './settings.ts'

/** The catalogue of prices. */
export interface Pricing {
  getProducts(request: GetProductsRequest): Promise<GetProductsResponse>
}

export async function openPricing(): Promise<Pricing> {
  const { Pricing } = await import('@aws-sdk/client-pricing')
  // It answers for all regions and is in few of them.
  return new Pricing({ ...settings, region: 'us-east-1' })
}
