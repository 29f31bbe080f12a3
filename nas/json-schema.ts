import { z } from 'zod'

const known = new WeakMap<z.core.$ZodType, object>()

/** The JSON schema of what is written for a schema; made once, as that takes much longer than a validation. */
export function jsonSchemaOf<T extends object>(schema: z.core.$ZodType): T {
  const made = known.get(schema) ?? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  known.set(schema, made)
  return made as T
}
