import type { Json, JsonObject, Result } from '../../pipelines/asl.ts'
import { type Data, evaluate } from './expression.ts'
import type { Frame } from './frame.ts'
import { withinLimit } from './json.ts'

/**
 * Ends a state: evaluates Output and Assign with the variables as they were before the state, then assigns.
 *
 * @param otherwise the output of a state without Output
 */
export async function conclude(rule: Result, data: Data, otherwise: Json, frame: Frame): Promise<Json> {
  const output = rule.Output === undefined ? otherwise : await evaluate(rule.Output, data, frame)
  const assigned = (await evaluate(rule.Assign ?? {}, data, frame)) as JsonObject
  withinLimit(output, 'the output')
  withinLimit(assigned, 'what is assigned')
  for (const [name, value] of Object.entries(assigned)) frame.variables.set(name, value)
  return output
}
