import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib'
import type { SearchSize } from '../../nas/runs/search-size.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import { type Claim, holds, LIMITS, show } from './limits.ts'
import { claimsOf } from './proof.ts'

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
}
interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

/**
 * Proves, of the templates as they would be deployed, that no search of the given size can exceed a limit of AWS in the middle
 * of its work. One that could fails the synthesis, with the arithmetic.
 */
export const limitsProof = (size: SearchSize): IPolicyValidationPlugin => ({
  name: 'TrellisLimits',
  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap((templatePath) => {
      const text = readFileSync(templatePath, 'utf8')
      const template = JSON.parse(text) as Template
      const ofStack = claimsOfStack(text, template)
        .filter((claim) => !holds(claim))
        .map((claim) => violation(claim, { resourceLogicalId: 'Stack', templatePath }, FEWER_CARDS))
      const ofResources = Object.entries(template.Resources).flatMap(([resourceLogicalId, resource]) =>
        claimsOfResource(resourceLogicalId, resource, { size, folder: dirname(templatePath) })
          .filter((claim) => !holds(claim))
          .map((claim) => violation(claim, { resourceLogicalId, templatePath }, SMALLER)),
      )
      return [...ofStack, ...ofResources]
    })
    return { success: violations.length === 0, violations }
  },
})

const claimsOfStack = (text: string, { Resources }: Template): readonly Claim[] => [
  {
    what: 'template, in bytes',
    size: Buffer.byteLength(text),
    limit: LIMITS.template,
    arithmetic: 'as deployed',
  },
  {
    what: 'resources of the stack',
    size: Object.keys(Resources).length,
    limit: LIMITS.resources,
    arithmetic: 'all cards together',
  },
]

function claimsOfResource(
  id: string,
  { Type, Properties = {} }: Resource,
  { size, folder }: { readonly size: SearchSize; readonly folder: string },
): readonly Claim[] {
  switch (Type) {
    case 'AWS::StepFunctions::StateMachine': {
      const { Key } = Properties.DefinitionS3Location as { readonly Key: string }
      const machine = JSON.parse(readFileSync(join(folder, `asset.${Key}`), 'utf8')) as StateMachine
      return claimsOf(String(Properties.StateMachineName ?? id), machine, size)
    }
    case 'AWS::Batch::JobDefinition':
      return [
        {
          what: `job definition ${id}, in bytes`,
          size: Buffer.byteLength(JSON.stringify(Properties)),
          limit: LIMITS.jobDefinition,
          arithmetic: 'its properties',
        },
      ]
    default:
      return []
  }
}

const SMALLER =
  'make the search smaller in the deployment (search.perRound larger means fewer rounds), or split the machine'

const FEWER_CARDS = 'deploy fewer cards, or some of them under another name'

const violation = (
  claim: Claim,
  resource: { readonly resourceLogicalId: string; readonly templatePath: string },
  fix: string,
): PolicyViolation => ({
  ruleName: 'WithinLimits',
  description: show(claim),
  fix,
  violatingResources: [{ ...resource, locations: ['Properties'] }],
})
