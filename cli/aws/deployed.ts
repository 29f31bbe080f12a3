import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CardOutputs, type Outputs, parseOutputs } from '../../infra/outputs.ts'
import { TrellisError } from '../../nas/errors.ts'
import type { Card } from '../../nas/runs/prices.ts'
import { configFolder } from '../config-folder.ts'

export interface DeployedOptions {
  /** Name of the deployment. */
  readonly deployment: string
}

/** A deployment, as `trellis deploy` noted it on this computer. */
export interface Deployed extends Outputs {
  readonly name: string
  readonly region: string
  readonly account: string
}

/** Where cdk writes the outputs of a stack, `{<stack>: {<key>: <value>}}`. Whoever has a copy can use the deployment. */
export const deployedFile = (name: string): string => join(configFolder(), 'deployments', `${name}.json`)

/** @throws TrellisError `not-found` where nothing of that name was deployed, or by another version of Trellis */
export function readDeployed({ deployment }: DeployedOptions): Deployed {
  const file = deployedFile(deployment)
  let outputs: Outputs
  try {
    outputs = parseOutputs(JSON.parse(readFileSync(file, 'utf8'))[deployment])
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new TrellisError(
      'not-found',
      missing
        ? `no deployment ${deployment} is known here: ${file} does not exist`
        : `${file} is not of this version of Trellis`,
      {
        fix: missing ? 'trellis deploy, or copy that file from where it was deployed' : 'trellis deploy',
        cause,
      },
    )
  }
  // arn:<partition>:sns:<region>:<account>:<topic>
  const [, , , region, account] = outputs.Alarms.split(':')
  return { ...outputs, name: deployment, region: region!, account: account! }
}

/** @throws TrellisError `unsupported` naming the cards that are deployed */
export function machinesOf({ name, cards }: Deployed, card: Card): CardOutputs {
  const machines = cards[card]
  if (machines !== undefined) return machines
  throw new TrellisError('unsupported', `nothing is deployed for card ${card} in ${name}`, {
    fix: `set compute.card to one of ${Object.keys(cards).join(', ')}, or deploy ${card}`,
  })
}
