import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CardOutputs, type Outputs, parseOutputs } from '../../infra/outputs.ts'
import { TrellisError } from '../../nas/errors.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import type { Card } from '../../nas/runs/prices.ts'
import { type InputKind, MEGABYTE, readInputText } from '../../nas/store/input-file.ts'
import { configFolder } from '../config-folder.ts'
import { isNamed } from './errors.ts'
import type { CloudFormation } from './services/cloudformation.ts'
import type { Services } from './services/services.ts'

export interface DeployedOptions {
  /** Name of the deployment. */
  readonly deployment: string
}

/** Where something is deployed. */
export interface Place {
  readonly account: string
  readonly region: string
}

/** A deployment, and where it is. */
export interface Deployed extends Outputs, Place {
  readonly name: string
}

/** Where cdk writes the outputs of a stack, `{<stack>: {<key>: <value>}}`. Another region may have a stack of the same name. */
export const deployedFile = (name: string, { account, region }: Place): string =>
  join(configFolder(), 'deployments', account, region, `${name}.json`)

/** The account and the region in which commands work: those of the environment or the profile. */
export async function whereTo({ sts }: Pick<Services, 'sts'>): Promise<Place> {
  const client = await sts()
  const region = await client.config.region()
  const { Account } = await client.getCallerIdentity({})
  return { account: Account!, region }
}

/**
 * A deployment as it was noted on this computer when it was made here, or first used here; else CloudFormation tells.
 * @throws TrellisError `not-found` where there is none of that name, or one of another version of Trellis
 */
export const readDeployed = async (
  { deployment }: DeployedOptions,
  services: Pick<Services, 'cloudFormation' | 'sts'>,
): Promise<Deployed> => deployedAt(await whereTo(services), deployment, services)

/** @throws TrellisError as `readDeployed` does */
export async function deployedAt(
  place: Place,
  name: string,
  services: Pick<Services, 'cloudFormation'>,
): Promise<Deployed> {
  const file = deployedFile(name, place)
  return { ...(readNote(name, file) ?? (await ask(name, file, services))), ...place, name }
}

const NOTE: InputKind = { what: 'deployment', limit: MEGABYTE, code: 'not-found', fix: 'trellis deploy' }

/** Undefined where there is no note, or one that an older version has left. */
function readNote(name: string, file: string): Outputs | undefined {
  try {
    return parseOutputs(JSON.parse(readInputText(file, NOTE))[name])
  } catch {
    return undefined
  }
}

/** Asks CloudFormation for a deployment in the account and the region of the user, and notes it. */
async function ask(
  name: string,
  file: string,
  { cloudFormation }: Pick<Services, 'cloudFormation'>,
): Promise<Outputs> {
  const described = await describe(await cloudFormation(), name)
  let outputs: Outputs
  try {
    outputs = parseOutputs(described)
  } catch (cause) {
    throw new TrellisError('not-found', `the stack ${name} is not of this version of Trellis`, {
      fix: 'trellis deploy, or choose another with --deployment',
      cause,
    })
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ [name]: described }, null, 2))
  return outputs
}

async function describe(client: CloudFormation, name: string): Promise<Readonly<Record<string, string>>> {
  try {
    const { Stacks = [] } = await client.describeStacks({ StackName: name })
    const outputs = Stacks[0]?.Outputs ?? []
    return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]))
  } catch (cause) {
    // What it calls a stack that does not exist.
    if (!isNamed(cause, 'ValidationError')) throw cause
    throw new TrellisError('not-found', `there is no deployment ${name} in this account and region`, {
      fix: 'trellis deploy, or set AWS_PROFILE and AWS_REGION to where it is',
      cause,
    })
  }
}

/** @throws TrellisError `unsupported` naming the cards that are deployed */
export function outputsOf({ name, cards }: Deployed, card: Card): CardOutputs {
  const outputs = cards[card]
  if (outputs !== undefined) return outputs
  throw new TrellisError('unsupported', `nothing is deployed for card ${card} in ${name}`, {
    fix: `set compute.card to one of ${Object.keys(cards).join(', ')}, or deploy ${card}`,
  })
}

/**
 * ARNs of the machines of a run's pipeline on its card, by name.
 * @throws TrellisError `unsupported` naming the cards that are deployed, or for a pipeline that is not
 */
export function machinesOf(
  deployed: Deployed,
  { pipeline, compute }: Pick<RunConfig, 'pipeline' | 'compute'>,
): Machines {
  const machines = outputsOf(deployed, compute.card).machines[pipeline]
  if (machines?.Search !== undefined) return machines as Machines
  throw new TrellisError('unsupported', `the pipeline ${pipeline} is not deployed in ${deployed.name}`, {
    fix: 'trellis deploy, with this version of Trellis',
  })
}

export type Machines = Readonly<Record<string, string>> & { readonly Search: string }
