import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { parseDeployment } from '../../infra/config.ts'
import { TrellisStack, type TrellisStackProps } from '../../infra/stack.ts'
import { createApp } from '../../infra/trellis-app.ts'

const PROGRAMS = ['close-queues', 'handler', 'queue-depth']

/** Stand-ins for the bundles of programs, which take long to make and do not matter to a template. */
function emptyBundles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-functions-'))
  for (const name of PROGRAMS) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'index.mjs'), `export const handler = '${name}'`)
  }
  return folder
}

export const stackProps = (raw: unknown = {}): TrellisStackProps => ({
  deployment: parseDeployment(raw, 'test'),
  functions: emptyBundles(),
  image: () => ContainerImage.fromRegistry('trellis:test'),
})

const outdir = mkdtempSync(join(tmpdir(), 'trellis-template-'))

/** The template of a deployment, unchecked. */
export const templateOf = (raw: unknown = {}): Template =>
  Template.fromStack(new TrellisStack(createApp(outdir), stackProps(raw)))

/** The definition of a state machine of such a template, as text. */
export const definitionOf = ({
  DefinitionS3Location: { Key },
}: {
  readonly DefinitionS3Location: { readonly Key: string }
}): string => readFileSync(join(outdir, `asset.${Key}`), 'utf8')

export interface Statement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

export const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T]

/** All statements of all policies of roles, each with the logical id of the resource that it stands in. */
export function statementsOf(template: Template): readonly (readonly [id: string, Statement])[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Properties?: unknown }> }
  return Object.entries(Resources).flatMap(([id, { Properties }]) => {
    const { PolicyDocument, Policies = [] } = (Properties ?? {}) as {
      PolicyDocument?: { Statement: Statement[] }
      Policies?: { PolicyDocument: { Statement: Statement[] } }[]
    }
    const documents = [
      ...(PolicyDocument ? [PolicyDocument] : []),
      ...Policies.map((each) => each.PolicyDocument),
    ]
    return documents.flatMap(({ Statement }) => Statement.map((statement) => [id, statement] as const))
  })
}
