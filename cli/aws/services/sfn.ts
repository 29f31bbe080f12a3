import type {
  DescribeExecutionInput,
  DescribeExecutionOutput,
  DescribeMapRunInput,
  DescribeMapRunOutput,
  ListExecutionsInput,
  ListExecutionsOutput,
  ListMapRunsInput,
  ListMapRunsOutput,
  RedriveExecutionInput,
  RedriveExecutionOutput,
  StartExecutionInput,
  StartExecutionOutput,
  StopExecutionInput,
  StopExecutionOutput,
} from '@aws-sdk/client-sfn'
import { settings } from './settings.ts'

/** Step Functions. */
export interface Sfn {
  startExecution(request: StartExecutionInput): Promise<StartExecutionOutput>
  describeExecution(request: DescribeExecutionInput): Promise<DescribeExecutionOutput>
  listExecutions(request: ListExecutionsInput): Promise<ListExecutionsOutput>
  stopExecution(request: StopExecutionInput): Promise<StopExecutionOutput>
  redriveExecution(request: RedriveExecutionInput): Promise<RedriveExecutionOutput>
  listMapRuns(request: ListMapRunsInput): Promise<ListMapRunsOutput>
  describeMapRun(request: DescribeMapRunInput): Promise<DescribeMapRunOutput>
}

export async function openSfn(): Promise<Sfn> {
  const { SFN } = await import('@aws-sdk/client-sfn')
  return new SFN(settings)
}
