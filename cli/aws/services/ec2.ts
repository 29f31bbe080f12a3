import type {
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeSpotPriceHistoryRequest,
  DescribeSpotPriceHistoryResult,
} from '@aws-sdk/client-ec2'
import { settings } from './settings.ts'

export interface Ec2 {
  describeAvailabilityZones(
    request: DescribeAvailabilityZonesRequest,
  ): Promise<DescribeAvailabilityZonesResult>
  describeSpotPriceHistory(request: DescribeSpotPriceHistoryRequest): Promise<DescribeSpotPriceHistoryResult>
}

export async function openEc2(): Promise<Ec2> {
  const { EC2 } = await import('@aws-sdk/client-ec2')
  return new EC2(settings)
}
