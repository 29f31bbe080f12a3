import {
  type DescribeExecutionOutput,
  type DescribeMapRunOutput,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  type ExecutionStatus,
} from '@aws-sdk/client-sfn'
import type { Sfn } from '../../../cli/aws/services/sfn.ts'

const metadata = { $metadata: {} }

/** The listings of a real service come in pages; these are small. */
export function pageOf<T>(items: readonly T[], token: string | undefined, size = 2) {
  const from = Number(token ?? 0)
  const next = from + size < items.length ? String(from + size) : undefined
  return { items: items.slice(from, from + size), next }
}

export interface FakeSfn extends Sfn {
  readonly executions: DescribeExecutionOutput[]
  readonly mapRuns: (DescribeMapRunOutput & { executionArn: string })[]
  /** What has been asked for, with its input. */
  readonly calls: (readonly [operation: string, input: unknown])[]
  end(name: string, status: ExecutionStatus, cause?: string): void
}

/** Step Functions, as far as its documentation says what an operation does. */
export function fakeSfn(): FakeSfn {
  const executions: DescribeExecutionOutput[] = []
  const mapRuns: FakeSfn['mapRuns'] = []
  const calls: FakeSfn['calls'] = []
  const find = (executionArn: string | undefined) => {
    const found = executions.find((execution) => execution.executionArn === executionArn)
    if (found !== undefined) return found
    throw new ExecutionDoesNotExist({ message: `Execution Does Not Exist: '${executionArn}'`, ...metadata })
  }
  return {
    executions,
    mapRuns,
    calls,
    end(name, status, cause) {
      const execution = executions.find((each) => each.name === name)!
      Object.assign(execution, { status, cause, stopDate: new Date() })
    },
    async startExecution({ stateMachineArn, name, input }) {
      calls.push(['startExecution', { stateMachineArn, name, input }])
      const executionArn = `${stateMachineArn!.replace(':stateMachine:', ':execution:')}:${name}`
      const known = executions.find((execution) => execution.executionArn === executionArn)
      if (known === undefined) {
        executions.unshift({
          executionArn,
          stateMachineArn,
          name,
          input,
          status: 'RUNNING',
          startDate: new Date(),
        })
      }
      return { executionArn, startDate: (known ?? executions[0]!).startDate }
    },
    async describeExecution({ executionArn }) {
      return find(executionArn)
    },
    async listExecutions({ stateMachineArn, statusFilter, nextToken }) {
      const matching = executions.filter(
        (each) => each.stateMachineArn === stateMachineArn && (!statusFilter || each.status === statusFilter),
      )
      const page = pageOf(matching, nextToken)
      return {
        executions: page.items.map(({ executionArn, name, status, startDate }) => ({
          executionArn,
          stateMachineArn,
          name,
          status,
          startDate,
        })),
        nextToken: page.next,
      }
    },
    async stopExecution({ executionArn, cause }) {
      calls.push(['stopExecution', executionArn])
      Object.assign(find(executionArn), { status: 'ABORTED', cause, stopDate: new Date() })
      return { stopDate: new Date() }
    },
    async redriveExecution({ executionArn }) {
      calls.push(['redriveExecution', executionArn])
      const execution = find(executionArn)
      const days = (Date.now() - execution.stopDate!.getTime()) / 86_400_000
      if (days > 14)
        throw new ExecutionNotRedrivable({ message: 'Execution is not redrivable: too old', ...metadata })
      Object.assign(execution, { status: 'RUNNING', stopDate: undefined })
      return { redriveDate: new Date() }
    },
    async listMapRuns({ executionArn, nextToken }) {
      const page = pageOf(
        mapRuns.filter((mapRun) => mapRun.executionArn === executionArn),
        nextToken,
      )
      return {
        mapRuns: page.items.map(({ mapRunArn, startDate, stopDate }) => ({
          executionArn,
          mapRunArn,
          stateMachineArn: '',
          startDate,
          stopDate,
        })),
        nextToken: page.next,
      }
    },
    async describeMapRun({ mapRunArn }) {
      return mapRuns.find((mapRun) => mapRun.mapRunArn === mapRunArn)!
    },
  }
}
