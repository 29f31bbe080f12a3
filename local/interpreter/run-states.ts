import type { Catcher, Json, Retrier, State } from '../../pipelines/asl.ts'
import { isTerminal, matches, StateFailure } from './failure.ts'
import type { Frame, RunStates } from './frame.ts'
import { conclude } from './result.ts'
import { retryPolicy } from './retry.ts'
import { choice } from './states/choice.ts'
import { distributedMap } from './states/distributed-map.ts'
import { fail } from './states/fail.ts'
import { inlineMap } from './states/map.ts'
import { parallel } from './states/parallel.ts'
import { task } from './states/task.ts'
import { wait } from './states/wait.ts'

/** The output of a state, and the next state; none at the end of a path. */
interface Step {
  readonly output: Json
  readonly next: string | undefined
}

export const runStates: RunStates = async (states, input, frame) => {
  let name = states.StartAt
  let value = input
  for (;;) {
    const { output, next } = await visit(name, states.States[name]!, value, frame)
    if (next === undefined) return output
    name = next
    value = output
  }
}

async function visit(name: string, state: State, input: Json, frame: Frame): Promise<Step> {
  frame.signal.throwIfAborted()
  frame.history.record(`${state.Type}StateEntered`, name, { input })
  const step = await attempt(name, state, input, frame)
  frame.history.record(`${state.Type}StateExited`, name, { output: step.output })
  return step
}

/** Performs a state until it succeeds or its retriers are exhausted; then the first catcher that matches the error applies. */
async function attempt(name: string, state: State, input: Json, frame: Frame): Promise<Step> {
  const { Retry = [], Catch = [] } = state as { Retry?: readonly Retrier[]; Catch?: readonly Catcher[] }
  const { host, signal } = frame
  const delayAfter = retryPolicy(Retry, host.random)
  const EnteredTime = new Date(host.now()).toISOString()
  for (let RetryCount = 0; ; RetryCount++) {
    const State = { Name: name, EnteredTime, RetryCount }
    const here = { ...frame, context: { ...frame.context, State } }
    try {
      return await perform(name, state, input, here)
    } catch (thrown) {
      // A state that was aborted from outside is neither retried nor caught.
      if (signal.aborted || !(thrown instanceof StateFailure) || isTerminal(thrown)) throw thrown
      const delay = delayAfter(thrown.error)
      if (delay === undefined) return recover(Catch, thrown, input, here)
      await host.sleep(delay, signal)
    }
  }
}

async function perform(name: string, state: State, input: Json, frame: Frame): Promise<Step> {
  switch (state.Type) {
    case 'Pass':
      return { output: await conclude(state, { input }, input, frame), next: state.Next }
    case 'Task':
      return { output: await task(state, name, input, frame), next: state.Next }
    case 'Choice':
      return choice(state, input, frame)
    case 'Wait':
      return { output: await wait(state, input, frame), next: state.Next }
    case 'Parallel':
      return { output: await parallel(state, name, input, frame, runStates), next: state.Next }
    case 'Map': {
      const map = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED' ? distributedMap : inlineMap
      return { output: await map(state, name, input, frame, runStates), next: state.Next }
    }
    case 'Succeed':
      return { output: await conclude(state, { input }, input, frame), next: undefined }
    case 'Fail':
      return fail(state, input, frame)
  }
}

async function recover(
  catchers: readonly Catcher[],
  failure: StateFailure,
  input: Json,
  frame: Frame,
): Promise<Step> {
  const catcher = catchers.find(({ ErrorEquals }) => matches(ErrorEquals, failure.error))
  if (!catcher) throw failure
  const errorOutput = { Error: failure.error, Cause: failure.cause }
  return {
    output: await conclude(catcher, { input, errorOutput }, errorOutput, frame),
    next: catcher.Next,
  }
}
