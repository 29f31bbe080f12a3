import type {
  DescribeComputeEnvironmentsRequest,
  DescribeComputeEnvironmentsResponse,
  DescribeJobDefinitionsRequest,
  DescribeJobDefinitionsResponse,
  DescribeJobQueuesRequest,
  DescribeJobQueuesResponse,
  DescribeJobsRequest,
  DescribeJobsResponse,
  ListJobsRequest,
  ListJobsResponse,
  SubmitJobRequest,
  SubmitJobResponse,
  TerminateJobRequest,
  TerminateJobResponse,
} from '@aws-sdk/client-batch'
import { settings } from './settings.ts'

export interface Batch {
  listJobs(request: ListJobsRequest): Promise<ListJobsResponse>
  describeJobs(request: DescribeJobsRequest): Promise<DescribeJobsResponse>
  submitJob(request: SubmitJobRequest): Promise<SubmitJobResponse>
  terminateJob(request: TerminateJobRequest): Promise<TerminateJobResponse>
  describeJobDefinitions(request: DescribeJobDefinitionsRequest): Promise<DescribeJobDefinitionsResponse>
  describeJobQueues(request: DescribeJobQueuesRequest): Promise<DescribeJobQueuesResponse>
  describeComputeEnvironments(
    request: DescribeComputeEnvironmentsRequest,
  ): Promise<DescribeComputeEnvironmentsResponse>
}

export async function openBatch(): Promise<Batch> {
  const { Batch } = await import('@aws-sdk/client-batch')
  return new Batch(settings)
}
