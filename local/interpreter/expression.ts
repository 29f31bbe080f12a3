import jsonata from 'jsonata'
import type { z } from 'zod'
import type { Json, JsonObject } from '../../pipelines/asl.ts'
import { StateFailure } from './failure.ts'
import type { Frame } from './frame.ts'
import { asJson } from './json.ts'

/** The fields of `$states` besides the context; which there are depends on the field with the expression. */
export interface Data {
  readonly input: Json
  readonly result?: Json
  readonly errorOutput?: JsonObject
}

type Compiled = ReturnType<typeof jsonata>

/** The JSONata between `{%` and `%}`; undefined for a plain string. */
export const expressionIn = (text: string): string | undefined => /^\{%(.*)%\}$/s.exec(text)?.[1]

const compiled = new Map<string, Compiled>()

/** @throws JSONata's own error for an expression that it cannot parse */
export function compile(source: string): Compiled {
  const known = compiled.get(source)
  if (known) return known
  const fresh = jsonata(source)
  compiled.set(source, fresh)
  return fresh
}

/**
 * Evaluates every expression in a template.
 *
 * @throws StateFailure States.QueryEvaluationError where an expression fails or its result is undefined, which is an error in
 *   Step Functions, not in JSONata.
 */
export async function evaluate(template: Json, data: Data, frame: Frame): Promise<Json> {
  const bindings = {
    ...Object.fromEntries(frame.variables),
    states: { ...data, context: frame.context },
  }
  const visit = async (value: Json): Promise<Json> => {
    if (typeof value === 'string') {
      const source = expressionIn(value)
      return source === undefined ? value : evaluated(source, bindings)
    }
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return Promise.all(value.map(visit))
    const entries = Object.entries(value).map(async ([key, part]) => [key, await visit(part)] as const)
    return Object.fromEntries(await Promise.all(entries))
  }
  return visit(template)
}

/** @throws StateFailure States.QueryEvaluationError with the field, where the value does not match the schema */
export async function evaluateTo<T>(
  schema: z.ZodType<T>,
  field: string,
  template: Json,
  data: Data,
  frame: Frame,
): Promise<T> {
  const value = await evaluate(template, data, frame)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new StateFailure(
    'States.QueryEvaluationError',
    `${field} came out as ${JSON.stringify(value)}: ${parsed.error.issues[0]!.message}`,
  )
}

async function evaluated(source: string, bindings: Record<string, unknown>): Promise<Json> {
  let value: unknown
  try {
    value = await compile(source).evaluate(undefined, bindings)
  } catch (thrown) {
    // JSONata throws plain objects with a code, a position and a message.
    const { message } = thrown as { message: string }
    throw new StateFailure('States.QueryEvaluationError', `${source.trim()}: ${message}`)
  }
  if (value !== undefined && typeof value !== 'function') return asJson(value)
  throw new StateFailure('States.QueryEvaluationError', `${source.trim()}: no result (undefined)`)
}
