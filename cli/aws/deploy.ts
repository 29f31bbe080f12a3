import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Deployment, parseDeployment, readDeployment } from '../../infra/config.ts'
import { TrellisError } from '../../nas/errors.ts'
import { counted } from '../../report/format.ts'
import { type Cdk, cdk, checkCheckout, checkDocker } from './cdk.ts'
import { deployedAt, deployedFile, type Place, whereTo } from './deployed.ts'
import { isNamed, onAws } from './errors.ts'
import { runningIn } from './executions.ts'
import { type Services, services } from './services/services.ts'

export interface DeployOptions {
  readonly yes?: boolean
}

/** Puts a deployment on AWS, or brings the one that is there up to date. */
export const deploy = (file: string | undefined, options: DeployOptions): Promise<void> =>
  onAws(async () => {
    checkCheckout()
    const deployment = file === undefined ? parseDeployment({}, 'the defaults') : readDeployment(file)
    const { name } = deployment
    const place = await whereTo(services)
    checkDocker()
    console.log(`deploying ${name} to account ${place.account} in ${place.region}`)
    await deployTo(place, { services, cdk, deployment, file, ...options })
    console.log(`deployed; ${deployedFile(name, place)} says where`)
  })

export interface DeployTo extends DeployOptions {
  readonly services: Pick<Services, 'cloudFormation' | 'ec2' | 'ecr' | 'sfn'>
  readonly cdk: Cdk
  readonly deployment: Pick<Deployment, 'name' | 'zones'>
  readonly file: string | undefined
}

/** @throws TrellisError `invalid-config` for more zones than the region has */
export async function deployTo(
  place: Place,
  { services, cdk, deployment: { name, zones }, file, yes }: DeployTo,
): Promise<void> {
  await checkZones(zones, place, services)
  await warnOfJobs(name, place, services)
  if (!(await isBootstrapped(place, services))) {
    await cdk(['bootstrap', `aws://${place.account}/${place.region}`])
  }
  const outputs = deployedFile(name, place)
  mkdirSync(dirname(outputs), { recursive: true })
  const config = file === undefined ? [] : ['-c', `deployment=${resolve(file)}`]
  const approval = yes ? ['--require-approval', 'never'] : []
  await cdk(['deploy', name, ...config, '--outputs-file', outputs, ...approval])
}

/** A template takes as many of a region's zones as it asks for, and CloudFormation would fail at the first that is not there. */
async function checkZones(zones: number, { region }: Place, { ec2 }: Pick<Services, 'ec2'>): Promise<void> {
  const { AvailabilityZones = [] } = await (await ec2()).describeAvailabilityZones({
    Filters: [
      { Name: 'zone-type', Values: ['availability-zone'] },
      { Name: 'state', Values: ['available'] },
    ],
  })
  if (zones <= AvailabilityZones.length) return
  throw new TrellisError(
    'invalid-config',
    `zones is ${zones}, and ${region} has ${counted(AvailabilityZones.length, 'zone')} that this account can use`,
    { fix: `set zones to ${AvailabilityZones.length} at most, or AWS_REGION to another region` },
  )
}

/** Says what an update does to what runs, if anything does. */
async function warnOfJobs(
  name: string,
  place: Place,
  services: Pick<Services, 'cloudFormation' | 'sfn'>,
): Promise<void> {
  const deployed = await deployedAt(place, name, services).catch((error: unknown) => {
    if (error instanceof TrellisError && error.code === 'not-found') return undefined
    throw error
  })
  if (deployed === undefined) return
  const running: string[] = []
  for await (const execution of runningIn(await services.sfn(), deployed)) running.push(execution.name!)
  if (running.length === 0) return
  console.error(
    `trellis: warning: ${running.join(', ')} ${running.length === 1 ? 'is' : 'are'} running: where the update replaces instances, their jobs have 6 hours to end, and go on from their checkpoints after that`,
  )
}

/** CDK keeps the images that it builds in a repository that its bootstrapping makes, once in each account and region. */
async function isBootstrapped({ account, region }: Place, { ecr }: Pick<Services, 'ecr'>): Promise<boolean> {
  const name = `cdk-hnb659fds-container-assets-${account}-${region}`
  try {
    await (await ecr()).describeRepositories({ repositoryNames: [name] })
    return true
  } catch (error) {
    if (isNamed(error, 'RepositoryNotFoundException')) return false
    throw error
  }
}
