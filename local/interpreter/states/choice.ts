import { z } from 'zod'
import type { ChoiceState, Json } from '../../../pipelines/asl.ts'
import { evaluateTo } from '../expression.ts'
import { StateFailure } from '../failure.ts'
import type { Frame } from '../frame.ts'
import { conclude } from '../result.ts'

/** Follows the first rule whose condition is true, else the Default, else fails with States.NoChoiceMatched. */
export async function choice(
  state: ChoiceState,
  input: Json,
  frame: Frame,
): Promise<{ readonly output: Json; readonly next: string }> {
  for (const rule of state.Choices) {
    if (await evaluateTo(z.boolean(), 'Condition', rule.Condition, { input }, frame)) {
      return { output: await conclude(rule, { input }, input, frame), next: rule.Next }
    }
  }
  if (state.Default === undefined) {
    throw new StateFailure('States.NoChoiceMatched', 'no condition is true and there is no Default')
  }
  return { output: await conclude(state, { input }, input, frame), next: state.Default }
}
