import type { z } from 'zod'
import { TrellisError } from '../errors.ts'
import { jsonSchemaOf } from '../json-schema.ts'
import { nearest } from '../nearest.ts'
import type { RunConfig } from '../runs/config.ts'
import { WORDS } from '../words.ts'
import { configSchema } from './config.ts'
import { contracts } from './index.ts'

/**
 * Validates what a user wrote and fills in the defaults.
 * @param raw parsed YAML or JSON @param source of it, for errors, e.g. the file's name
 * @throws TrellisError `invalid-config` that names every wrong key by its path, and for an unknown one the nearest known
 */
export function parseConfig(raw: unknown, source: string): RunConfig {
  const parsed = configSchema().safeParse(raw, WORDS)
  if (parsed.success) return parsed.data
  const all = parsed.error.issues.flatMap((issue) => explain(issue, [], raw))
  // Beyond those that are told, they are empty.
  const problems = all.filter((problem, i) => problem === '' || all.indexOf(problem) === i)
  const rest = problems.length - MOST_TOLD
  const told = [...problems.slice(0, MOST_TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])]
  throw new TrellisError('invalid-config', `${source}: ${told.join('; ')}`, {
    fix: 'correct that; docs/config.md describes every key',
    cause: parsed.error,
  })
}

/** Beyond these nobody reads on. */
const MOST_TOLD = 20
/** Nor is a longer key a slip of the pen. */
const LONGEST_KEY = 100

type Path = readonly PropertyKey[]
const show = (path: Path): string => path.join('.')

/** @param above the path of the value in which the issue was found @param raw all that a user wrote */
function explain(issue: z.core.$ZodIssue, above: Path, raw: unknown): readonly string[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path, raw)
    return issue.keys.map((key, i) => (i < MOST_TOLD ? unknownKey(key, path, known) : ''))
  }
  const where = show(path)
  if (issue.code === 'invalid_union') {
    if (issue.discriminator !== undefined) return [`${where} ${wrongName(path, raw)}`]
    if (!isOfValues(issue.errors)) return meant(issue.errors).flatMap((inner) => explain(inner, path, raw))
  }
  if (issue.input === undefined && issue.code !== 'custom') return [`${where} is missing`]
  return [`${where}${where && ': '}${issue.message}`]
}

/** Whether all alternatives are plain values, which the message of the union lists. */
const isOfValues = (alternatives: readonly (readonly z.core.$ZodIssue[])[]): boolean =>
  alternatives.every(
    ([first, ...others]) =>
      others.length === 0 &&
      first?.path.length === 0 &&
      (first.code === 'invalid_type' || first.code === 'invalid_value'),
  )

/** Of alternatives, the one that knows most of the keys that were written. */
function meant(alternatives: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const unknown = (issues: readonly z.core.$ZodIssue[]) =>
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [])).length
  return alternatives.toSorted((a, b) => unknown(a) - unknown(b))[0]!
}

const unknownKey = (key: string, path: Path, known: readonly string[]): string =>
  key.length > LONGEST_KEY
    ? `unknown key ${show([...path, key.slice(0, LONGEST_KEY)])}...`
    : `unknown key ${show([...path, key])}${suggestion(key, known)}`

function suggestion(key: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const meant = nearest(key, known)
  return meant === undefined ? `; known here: ${known.join(', ')}` : `, did you mean ${meant}?`
}

/** The part of a JSON schema that describes objects, and lists of them. */
interface ObjectSchema {
  readonly items?: ObjectSchema | false
  readonly properties?: Readonly<Record<string, ObjectSchema>>
  readonly anyOf?: readonly ObjectSchema[]
  readonly oneOf?: readonly ObjectSchema[]
  readonly const?: unknown
}

const alternatives = (schema: ObjectSchema): readonly ObjectSchema[] =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
    .flatMap(alternatives)
    .concat(schema.properties || schema.items ? [schema] : [])

/** What each pipeline knows. */
const roots = (): readonly ObjectSchema[] =>
  contracts.all().flatMap(([, { config }]) => alternatives(jsonSchemaOf<ObjectSchema>(config)))

const pipelineOf = ({ properties }: ObjectSchema): unknown => properties?.pipeline?.const

/** The objects that may stand at a path; of alternatives, those of the pipeline and the `kind` that were written. */
function schemasAt(path: Path, raw: unknown): readonly ObjectSchema[] {
  const { pipeline } = raw as { readonly pipeline?: unknown }
  const all = roots()
  const ofPipeline = all.filter((root) => pipelineOf(root) === pipeline)
  let schemas = ofPipeline.length > 0 ? ofPipeline : all
  let value = raw
  for (const step of path) {
    value = (value as Record<PropertyKey, unknown>)[step]
    const kind = (value as { kind?: unknown } | undefined)?.kind
    const there = below(schemas, step)
    const ofKind = there.filter(({ properties }) => properties?.kind?.const === kind)
    schemas = ofKind.length > 0 ? ofKind : there
  }
  return schemas
}

const below = (schemas: readonly ObjectSchema[], step: PropertyKey): readonly ObjectSchema[] =>
  schemas.flatMap(({ properties, items }) =>
    alternatives((typeof step === 'number' ? items : properties?.[String(step)]) || {}),
  )

const knownKeys = (path: Path, raw: unknown): readonly string[] => [
  ...new Set(schemasAt(path, raw).flatMap(({ properties }) => Object.keys(properties ?? {}))),
]

/** What is wrong with a name that decides which other keys there are; a known one may be another pipeline's. */
function wrongName(path: Path, raw: unknown): string {
  const [key, parent] = [path.at(-1)!, path.slice(0, -1)]
  const constants = (schemas: readonly ObjectSchema[]) =>
    schemas.map(({ properties }) => properties?.[String(key)]?.const)
  const known = constants(schemasAt(parent, raw)).join(', ')
  const value = path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)?.[step], raw)
  if (value === undefined) return `is missing: name one of ${known}`
  if (typeof value !== 'string') return `must be a name, as text: one of ${known}`
  const owner = roots().find((root) => constants(parent.reduce(below, [root])).includes(value))
  const others = owner === undefined ? '' : `; ${value} is for ${pipelineOf(owner)}`
  return `is not one of ${known}${others}`
}
