import type { z } from 'zod'
import { jsonSchemaOf } from './json-schema.ts'

/*
 * What is wrong with something that a user wrote, in words of Trellis: what is allowed there, and what was found. zod's own words speak
 * to programmers. A schema's own message stands.
 */

/** For `safeParse` of whatever a user writes. */
export const WORDS = { error: inWords, reportInput: true } as const

function inWords(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return 'is missing'
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown key ${issue.keys.join(', ')}`
    case 'too_small':
      return issue.origin === 'string' || isOpenList(issue)
        ? `must have at least ${counted(issue, Number(issue.minimum))}`
        : mustBe(issue)
    case 'too_big':
      return issue.origin === 'string' || isOpenList(issue)
        ? `must have at most ${counted(issue, Number(issue.maximum))}`
        : mustBe(issue)
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      return mustBe(issue)
    case 'invalid_format':
      return issue.format === 'email'
        ? `must be an e-mail address, not ${shown(issue.input)}`
        : `has another form than is read there: ${shown(issue.input)}`
    case 'invalid_key':
      return `has a key that is not allowed: ${shown(issue.input)}`
    default:
      return `is not allowed: ${shown(issue.input)}`
  }
}

interface Limited {
  readonly origin: string
}

const counted = ({ origin }: Limited, n: number): string =>
  `${numeral(n)} ${origin === 'string' ? 'character' : 'entr'}${plural(origin, n)}`

const plural = (origin: string, n: number): string => {
  if (origin === 'string') return n === 1 ? '' : 's'
  return n === 1 ? 'y' : 'ies'
}

/** Whose length has one limit: a tuple has both, and says so itself. */
const isOpenList = (issue: z.core.$ZodRawIssue): boolean =>
  (issue as { readonly origin?: string }).origin === 'array' && valuesOf(issue).prefixItems === undefined

const mustBe = (issue: z.core.$ZodRawIssue): string =>
  `must be ${allowed(valuesOf(issue))}, not ${shown(issue.input)}`

/** The part of JSON schema that tells values. */
interface Values {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Values[]
  readonly oneOf?: readonly Values[]
  readonly prefixItems?: readonly Values[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}

/** Where a check has found it wrong, `inst` is the check, and `schema` what it belongs to. */
const valuesOf = ({ inst, schema = inst as z.core.$ZodType }: z.core.$ZodRawIssue): Values =>
  jsonSchemaOf(schema)

function allowed(values: Values): string {
  const alternatives = values.anyOf ?? values.oneOf
  if (alternatives !== undefined) return [...new Set(alternatives.map(allowed))].join(' or ')
  if (values.const !== undefined) return String(values.const)
  if (values.enum !== undefined) return `one of ${values.enum.join(', ')}`
  if (values.prefixItems !== undefined) return `a list of ${values.prefixItems.map(allowed).join(' and ')}`
  return `${NAMES[values.type ?? ''] ?? 'something else'}${boundsOf(values)}`
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section of keys',
  null: 'null',
}

/** Those of all whole numbers are the computer's, not ours. */
function boundsOf({ minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER }: Values): string {
  const isBounded = maximum !== Number.MAX_SAFE_INTEGER
  if (exclusiveMinimum !== undefined)
    return ` above ${numeral(exclusiveMinimum)}${isBounded ? ` and up to ${numeral(maximum)}` : ''}`
  if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER)
    return isBounded ? ` up to ${numeral(maximum)}` : ''
  return isBounded ? ` from ${numeral(minimum)} to ${numeral(maximum)}` : ` from ${numeral(minimum)} on`
}

const numeral = (n: number): string => (Math.abs(n) < 1 || n > 1e15 ? String(n) : n.toLocaleString('en-US'))

/** Of a value in an error. */
const LONGEST = 40

/** A value as a user has written it, or what it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > LONGEST ? `${JSON.stringify(value.slice(0, LONGEST))}...` : JSON.stringify(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (value instanceof Date) return 'a time'
  if (typeof value === 'object' && value !== null) return 'a section'
  return String(value)
}
