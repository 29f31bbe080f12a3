import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { type Config, configSchema } from './config.ts'

/**
 * Validates what a user wrote and fills in the defaults.
 * @param raw parsed YAML or JSON @param source of it, for errors, e.g. the file's name
 * @throws TrellisError `invalid-config` that names every wrong key by its path, and for an unknown one the nearest known
 */
export function parseConfig(raw: unknown, source: string): Config {
  const parsed = configSchema.safeParse(raw, { reportInput: true })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => explain(issue, raw))
  throw new TrellisError('invalid-config', `${source}: ${problems.join('; ')}`, {
    fix: 'correct the file; docs/config.md describes every key',
    cause: parsed.error,
  })
}

type Path = readonly PropertyKey[]
const show = (path: Path): string => path.join('.')

function explain(issue: z.core.$ZodIssue, raw: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map((key) => `unknown key ${show([...issue.path, key])}${suggestion(key, knownKeys(issue.path, raw))}`)
      .join('; ')
  }
  const where = show(issue.path)
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    return `${where} is not one of ${optionsAt(issue.path, raw).join(', ')}`
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${where} is missing`
  return `${where}${where && ': '}${issue.message}`
}

/** A key that shares most of its letters is meant; beyond that a guess misleads. */
function suggestion(key: string, known: readonly string[]): string {
  const nearest = closest(key, known)
  return distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 2)
    ? `, did you mean ${nearest}?`
    : `; known here: ${known.join(', ')}`
}

/** The part of a JSON schema that describes objects. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>
  readonly anyOf?: readonly ObjectSchema[]
  readonly oneOf?: readonly ObjectSchema[]
  readonly const?: unknown
}

const root = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as ObjectSchema

const alternatives = (schema: ObjectSchema): readonly ObjectSchema[] =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
    .flatMap(alternatives)
    .concat(schema.properties ? [schema] : [])

/** The objects that may stand at a path; of alternatives, those of the `kind` that was written. */
function schemasAt(path: Path, raw: unknown): readonly ObjectSchema[] {
  let schemas: readonly ObjectSchema[] = alternatives(root)
  let value = raw
  for (const step of path) {
    value = (value as Record<PropertyKey, unknown>)[step]
    const kind = (value as { kind?: unknown } | undefined)?.kind
    const all = schemas.flatMap(({ properties }) => alternatives(properties?.[String(step)] ?? {}))
    const ofKind = all.filter(({ properties }) => properties?.kind?.const === kind)
    schemas = ofKind.length > 0 ? ofKind : all
  }
  return schemas
}

const knownKeys = (path: Path, raw: unknown): readonly string[] => [
  ...new Set(schemasAt(path, raw).flatMap(({ properties }) => Object.keys(properties ?? {}))),
]

const optionsAt = (path: Path, raw: unknown): readonly string[] =>
  schemasAt(path.slice(0, -1), raw).map(({ properties }) => String(properties?.[String(path.at(-1))]?.const))
