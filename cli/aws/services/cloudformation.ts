import type { DescribeStacksInput, DescribeStacksOutput } from '@aws-sdk/client-cloudformation'
import { settings } from './settings.ts'

export interface CloudFormation {
  describeStacks(request: DescribeStacksInput): Promise<DescribeStacksOutput>
}

export async function openCloudFormation(): Promise<CloudFormation> {
  const { CloudFormation } = await import('@aws-sdk/client-cloudformation')
  return new CloudFormation(settings)
}
