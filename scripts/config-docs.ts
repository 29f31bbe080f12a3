// Writes docs/config.md and docs/deployment.md from the schemas of both: npx tsx scripts/config-docs.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { deploymentSchema } from '../infra/config.ts'
import { configSchema } from '../nas/pipelines/config.ts'

/** The part of JSON schema that zod makes of a configuration, or of what a command prints. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema | false
  readonly prefixItems?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly maxItems?: number
}

const INTRODUCTION = `# Configuration

What \`trellis search\` and \`trellis estimate\` read: a YAML file with these keys. A key that is not here is an error. On the
command line, \`--set section.key=value\` sets one; values are YAML, so \`--set rerank.seeds=[0,1]\` works.

The first key is \`pipeline\`; it decides which others there are.

Paths (\`dataset.path\`, \`backbone.weights\`, \`search.cost.table\`, \`search.genotype\`, \`store\`) are relative to the folder in which the command is given.

This page is made from the schema, by \`npx tsx scripts/config-docs.ts\`.
`

const OF_DEPLOYMENTS = `# Configuration of a deployment

What \`trellis deploy\` reads: a YAML file with these keys. None is needed, a key that is not here is an error. [aws.md](aws.md)
tells how to deploy.

This page is made from the schema, by \`npx tsx scripts/config-docs.ts\`.
`

export const configDocs = (): string =>
  [INTRODUCTION, ...schemaOf(configSchema()).oneOf!.map(pipelineDocs)].join('\n')
export const deploymentDocs = (): string => [OF_DEPLOYMENTS, docsOf(schemaOf(deploymentSchema), 2)].join('\n')

const schemaOf = (of: z.ZodType): Schema =>
  z.toJSONSchema(of, { io: 'input', unrepresentable: 'any' }) as Schema

const pipelineDocs = (schema: Schema): string =>
  [`## pipeline: ${schema.properties!.pipeline!.const}\n`, docsOf(schema, 3)].join('\n')

/** Objects that may stand in the same place. */
const alternativesOf = ({ oneOf, anyOf }: Schema): readonly Schema[] =>
  (oneOf ?? anyOf ?? []).filter(({ properties }) => properties)

/** @param level of the headings of sections */
export function docsOf(schema: Schema, level: number): string {
  const entries = Object.entries(schema.properties ?? {})
  const isSection = (key: Schema) => key.properties !== undefined || alternativesOf(key).length > 0
  const plain = entries.filter(([, key]) => !isSection(key))
  const sections = entries.filter(([, key]) => isSection(key))
  return [
    keyTable(Object.fromEntries(plain), schema.required),
    ...sections.map(([name, section]) => sectionDocs(name, section, level)),
  ].join('\n')
}

function sectionDocs(name: string, section: Schema, level: number): string {
  const { description, properties, required } = section
  const title = `${'#'.repeat(level)} ${name}\n${description ? `\n${sentence(description)}\n` : ''}`
  if (properties) return [title, keyTable(properties, required)].join('\n')
  return [title, ...alternativesOf(section).map((each) => alternativeDocs(each, level + 1))].join('\n')
}

/** By its kind, or else by the key that only it has. */
function alternativeDocs({ properties = {}, required }: Schema, level: number): string {
  const { kind, ...others } = properties
  const name = kind === undefined ? `with ${Object.keys(others)[0]}` : `kind: ${kind.const}`
  const title = `${'#'.repeat(level)} ${name}\n`
  return Object.keys(others).length > 0 ? `${title}\n${keyTable(others, required)}` : title
}

function keyTable(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): string {
  const rows = rowsOf(properties, required, '').map((cells) => `| ${cells.join(' | ')} |`)
  return ['| key | value | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function rowsOf(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  prefix: string,
): readonly (readonly string[])[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${prefix}${key}`
    const meaning = schema.description ?? ''
    const kinds = schema.oneOf ?? []
    if (!schema.properties && kinds.length === 0) {
      const row = [`\`${name}\``, valuesOf(schema), defaultOf(schema, required.includes(key)), meaning]
      const { properties = {}, required: needed = [] } = schema.items || {}
      return [row, ...rowsOf(properties, needed, `${name}[].`)]
    }
    const section = [
      `\`${name}\``,
      kinds.length > 0 ? 'one kind' : 'section',
      sectionDefault(schema),
      meaning,
    ]
    const inner = rowsOf(schema.properties ?? {}, schema.required ?? [], `${name}.`)
    return [section, ...inner, ...kinds.flatMap((kind) => kindRows(name, kind))]
  })
}

function kindRows(name: string, { properties = {}, required = [] }: Schema): readonly (readonly string[])[] {
  const { kind, ...others } = properties
  const inner = rowsOf(others, required, `${name}.`)
  return [[`\`${name}.kind\``, code(kind!.const), '', kind!.description ?? ''], ...inner]
}

function valuesOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.anyOf) return schema.anyOf.map(valuesOf).join(' or ')
  if (schema.prefixItems) return `[${schema.prefixItems.map(valuesOf).join(', ')}]`
  if (schema.type === 'array') return `list of ${mostOf(schema)}${valuesOf(schema.items || {}) || 'sections'}`
  return `${NAMES[schema.type ?? ''] ?? ''}${boundsOf(schema)}`
}

const mostOf = ({ maxItems }: Schema): string => (maxItems === undefined ? '' : `up to ${maxItems}: `)

/** Those of all whole numbers are the computer's, not ours. */
function boundsOf({ minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER }: Schema): string {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1
  if (least === undefined || maximum === Number.MAX_SAFE_INTEGER) return ''
  return ` from ${numeral(least)} to ${numeral(maximum)}`
}

const numeral = (n: number): string => (n < 1 || n > 1e15 ? String(n) : n.toLocaleString('en-US'))

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
  null: '`null`',
}

const defaultOf = (schema: Schema, required: boolean): string =>
  schema.default !== undefined ? code(schema.default) : required ? '**required**' : ''

/** A section that may be left out has its keys' defaults; one that defaults to something else says so. */
const sectionDefault = ({ default: value }: Schema): string =>
  value === undefined || Object.keys(value as object).length === 0 ? '' : code(value)

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../docs/config.md', import.meta.url), configDocs())
  writeFileSync(new URL('../docs/deployment.md', import.meta.url), deploymentDocs())
}
