import { EXIT } from '../../nas/runs/job.ts'
import type { JsonObject, State, StateMachine, TaskState } from '../../pipelines/asl.ts'
import { RULES } from '../batch/retry.ts'
import { MACHINE_TAG } from './permissions.ts'

/*
 * What the definition of a pipeline gets on AWS alone, where jobs cost money and lose their hosts: tags, by which a run's jobs are
 * found, a deadline, and a second queue. Everything else is the definition that also runs on a laptop.
 */

/** By which people find the jobs of a run. The bill does not know it: it is for instances, not for tasks. */
const RUN_TAG = 'trellis:run'

export interface OnAws {
  /** Attempts on spot instances before a job goes to ON_DEMAND_QUEUE. */
  readonly onDemandAfter: number | undefined
}

/** Stands in a definition for the name of its machine, so that machines for different cards have one definition. */
export const MACHINE_NAME = 'MachineName'

/** Stands in a definition for the queue of on-demand instances alone, like the resources of pipelines/shared.ts. */
export const ON_DEMAND_QUEUE = 'OnDemandQueue'

export const onAws = (definition: StateMachine, options: OnAws): StateMachine => ({
  ...definition,
  States: statesOnAws(definition.States, options),
})

type States = StateMachine['States']

function statesOnAws(states: States, options: OnAws): States {
  const rewritten = Object.entries(states).map(([name, state]): States => {
    if (state.Type === 'Map') {
      const { ItemProcessor } = state
      const inner = { ...ItemProcessor, States: statesOnAws(ItemProcessor.States, options) }
      return { [name]: { ...state, ItemProcessor: inner } }
    }
    if (state.Type !== 'Task' || state.Resource !== 'arn:aws:states:::batch:submitJob.sync')
      return { [name]: state }
    const job = tagged(state)
    return options.onDemandAfter === undefined
      ? { [name]: job }
      : withFallback(name, job, options.onDemandAfter)
  })
  return Object.assign({}, ...rewritten)
}

interface Submit extends JsonObject {
  readonly ContainerOverrides: {
    readonly Environment: readonly { readonly Name: string; readonly Value: string }[]
  }
}

function tagged(task: TaskState): TaskState {
  const args = task.Arguments as Submit
  const { Environment } = args.ContainerOverrides
  const run = Environment.find(({ Name }) => Name === 'TRELLIS_RUN')!.Value
  const deadline = { Name: 'TRELLIS_DEADLINE', Value: deadlineOf(task.TimeoutSeconds!) }
  return {
    ...task,
    Arguments: {
      ...args,
      ContainerOverrides: { ...args.ContainerOverrides, Environment: [...Environment, deadline] },
      Tags: { [RUN_TAG]: run, [MACHINE_TAG]: `\${${MACHINE_NAME}}` },
      PropagateTags: true,
    },
  }
}

/**
 * When the task that waits for a job has timed out for sure, in milliseconds since 1970. Step Functions cancels the jobs of tasks that
 * are aborted, and leaves those of tasks that time out. Each retry has the whole time.
 */
const deadlineOf = (timeoutSeconds: number): string =>
  `{% $string($toMillis($states.context.State.EnteredTime) + ${timeoutSeconds * 1000} * (1 + $states.context.State.RetryCount)) %}`

/** Of a job whose last attempt ended with that exit status, as DescribeJobs tells it. */
const PERMANENT_FAILURE = `{% $contains($states.errorOutput.Cause & "", /"ExitCode":${EXIT.permanentFailure}[^0-9]/) %}`

/**
 * A job that used up its attempts is submitted once more, to on-demand instances, where it goes on from its checkpoint and
 * may use up what its pipeline allows; unless its input is bad, of which the state's own Catch decides at once.
 */
function withFallback(name: string, task: TaskState, attempts: number): States {
  const args = task.Arguments as JsonObject
  const catchers = task.Catch!
  const last = catchers.findIndex(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))
  const failed = catchers[last]!
  const first: State = {
    ...task,
    Arguments: { ...args, RetryStrategy: { Attempts: attempts, EvaluateOnExit: RULES } },
    Retry: (task.Retry ?? []).filter(({ ErrorEquals }) => !ErrorEquals.includes('States.TaskFailed')),
    Catch: [
      ...catchers.slice(0, last),
      {
        // Any error that no earlier one has caught, but a time-out.
        ErrorEquals: ['States.TaskFailed'],
        Output: { input: '{% $states.input %}', permanent: PERMANENT_FAILURE, caught: failed.Output! },
        Next: `${name}Failed`,
      },
      ...catchers.slice(last),
    ],
  }
  return {
    [name]: first,
    [`${name}Failed`]: {
      Type: 'Choice',
      Choices: [
        {
          Condition: '{% $states.input.permanent %}',
          Output: '{% $states.input.caught %}',
          Next: failed.Next,
        },
      ],
      Default: `${name}OnDemand`,
      Output: '{% $states.input.input %}',
    },
    [`${name}OnDemand`]: { ...task, Arguments: { ...args, JobQueue: `\${${ON_DEMAND_QUEUE}}` } },
  }
}
