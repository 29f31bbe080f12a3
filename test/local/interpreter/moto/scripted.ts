import { execute } from '../../../../local/interpreter/execute.ts'
import { StateFailure } from '../../../../local/interpreter/failure.ts'
import { startExecution } from '../../../../local/start-execution.ts'
import { substitute } from '../../../../local/substitute.ts'
import type { Json, JsonObject, StateMachine } from '../../../../pipelines/asl.ts'
import { virtualHost } from '../virtual-host.ts'

/** How a call of a function or a job ends. */
export type Reply =
  | { readonly answer: JsonObject }
  /** A function that throws `{errorType, errorMessage}`, or a job with this description. */
  | { readonly failed: JsonObject }
  /** The service takes no call, with that error code. */
  | { readonly refused: string }

/** The replies of each function and job, in turn; the last one stays. */
export type Script = Readonly<Record<string, readonly Reply[]>>

/** What a machine does, as far as it can be told from outside. */
export type Step =
  | { readonly enters: string; readonly input: Json }
  | { readonly asks: Json }
  | { readonly fails: string; readonly cause: string }
  | { readonly ends: string; readonly output?: Json; readonly cause?: string }

/** Answers calls by the script. */
export function repliesOf(script: Script): (name: string) => Reply {
  const calls = new Map<string, number>()
  return (name) => {
    const replies = script[name]
    if (replies === undefined) throw new Error(`the script has no ${name}`)
    const call = calls.get(name) ?? 0
    calls.set(name, call + 1)
    return replies[Math.min(call, replies.length - 1)]!
  }
}

/** The request id that services of the test answer with. */
export const REQUEST = '0'

/** What a service says when it refuses. */
export const REFUSAL = 'not now'

const statusOf = (service: string) =>
  `Service: ${service}; Status Code: 400; Error Code: %; Request ID: ${REQUEST}; Proxy: null`

const causes = {
  Lambda: `${REFUSAL} (${statusOf('AWSLambda')})`,
  Batch: `Error executing request, Exception : ${REFUSAL}, RequestId: ${REQUEST} (${statusOf('AWSBatch')})`,
}

function resultOf(service: keyof typeof causes, reply: Reply): JsonObject {
  if ('answer' in reply) return reply.answer
  if ('refused' in reply)
    throw new StateFailure(`${service}.${reply.refused}`, causes[service].replace('%', reply.refused))
  const { errorType = 'States.TaskFailed' } = reply.failed
  throw new StateFailure(errorType as string, JSON.stringify(reply.failed))
}

/** Of a machine that moto has. All other names stand for themselves. */
export const arnOf = (machine: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`

/** A definition whose names are resolved. */
export const resolved = (definition: StateMachine, names: ReadonlyMap<string, string>): StateMachine =>
  substitute(definition, (name) => names.get(name) ?? name)

/** Executes a machine, which may start others, with the interpreter of this computer. */
export async function runLocally(
  machines: ReadonlyMap<string, StateMachine>,
  machine: string,
  input: JsonObject,
  script: Script,
  manifest: readonly Json[],
): Promise<readonly Step[]> {
  const steps: Step[] = []
  const replyTo = repliesOf(script)
  const asks = (args: JsonObject) => steps.push({ asks: args })
  const start = async (machine: string, input: unknown, signal?: AbortSignal): Promise<unknown> => {
    try {
      return await execute(machines.get(machine)!, input, host, {
        ...(signal && { signal }),
        onEvent({ type, state, path, detail }) {
          if (type.endsWith('StateEntered')) steps.push({ enters: state!, input: detail.input! })
          if (type === 'TaskFailed')
            steps.push({ fails: detail.error as string, cause: detail.cause as string })
          if (type === 'ExecutionSucceeded' && path === '')
            steps.push({ ends: 'Succeeded', output: detail.output! })
        },
      })
    } catch (thrown) {
      const { error, cause } = thrown as StateFailure
      steps.push({ ends: error, cause })
      throw thrown
    }
  }
  const host = virtualHost({
    tasks: {
      'arn:aws:states:::lambda:invoke': (args: JsonObject) => {
        asks(args)
        return { StatusCode: 200, Payload: resultOf('Lambda', replyTo(args.FunctionName as string)) }
      },
      'arn:aws:states:::batch:submitJob.sync': (args: JsonObject) => {
        asks(args)
        return resultOf('Batch', replyTo(args.JobDefinition as string))
      },
      'arn:aws:states:::states:startExecution.sync:2': (args: JsonObject, signal) => {
        asks(args)
        return startExecution(start, args, signal)
      },
    },
    items: () => manifest,
  })
  await start(machine, input).catch((thrown) => {
    if (!(thrown instanceof StateFailure)) throw thrown
  })
  return steps
}

const DAY = 24 * 3600 * 1000

/**
 * Steps without what differs from one execution to the next: names of executions, deadlines by the clock, in whole days from `now`,
 * and the variable that Step Functions adds to the environment of a job.
 */
export const comparable = (steps: readonly Step[], now: number): readonly Step[] =>
  steps.map((step) =>
    JSON.parse(JSON.stringify(step), (key, value) => {
      if (key === 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID') return 'execution'
      if (key === 'cause') return withoutPlace(value)
      if (typeof value === 'string') return withoutDetail(value)
      if (value?.Name === 'TRELLIS_DEADLINE')
        return { ...value, Value: Math.round((Number(value.Value) - now) / DAY) }
      return key === 'Environment'
        ? value.filter((each: JsonObject) => each.name !== 'MANAGED_BY_AWS')
        : value
    }),
  )

/** What both tell of an execution that failed. */
function withoutPlace(cause: string): string {
  const told = cause.startsWith('{') ? JSON.parse(cause) : {}
  return told.Status === 'FAILED' && told.Error !== undefined
    ? JSON.stringify({ Error: told.Error, Cause: withoutDetail(told.Cause) })
    : withoutDetail(cause)
}

/** AWS documents no more of the cause of a map that has failed. */
const withoutDetail = (text: string): string =>
  text.replace(/(tolerated failure threshold was exceeded): \d+ of \d+ items failed.*/s, '$1')
