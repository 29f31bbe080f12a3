import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseDeployment, readDeployment } from '../../infra/config.ts'
import { type Cdk, cdk, checkCheckout, checkDocker } from './cdk.ts'
import { deployedFile } from './deployed.ts'
import { isNamed, onAws } from './errors.ts'
import { type Services, services } from './services/services.ts'

export interface DeployOptions {
  readonly yes?: boolean
}

/** Puts a deployment on AWS, or brings the one that is there up to date. */
export const deploy = (file: string | undefined, options: DeployOptions): Promise<void> =>
  onAws(async () => {
    checkCheckout()
    const { name } = file === undefined ? parseDeployment({}, 'the defaults') : readDeployment(file)
    const place = await whereTo(services)
    checkDocker()
    console.log(`deploying ${name} to account ${place.account} in ${place.region}`)
    await deployTo(place, { services, cdk, name, file, ...options })
    console.log(`deployed; ${deployedFile(name)} says where`)
  })

interface Place {
  readonly account: string
  readonly region: string
}

async function whereTo({ sts }: Services): Promise<Place> {
  const client = await sts()
  const { Account } = await client.getCallerIdentity({})
  return { account: Account!, region: await client.config.region() }
}

export interface DeployTo extends DeployOptions {
  readonly services: Pick<Services, 'ecr'>
  readonly cdk: Cdk
  readonly name: string
  readonly file: string | undefined
}

export async function deployTo(place: Place, { services, cdk, name, file, yes }: DeployTo): Promise<void> {
  if (!(await isBootstrapped(place, services))) {
    await cdk(['bootstrap', `aws://${place.account}/${place.region}`])
  }
  const outputs = deployedFile(name)
  mkdirSync(dirname(outputs), { recursive: true })
  const config = file === undefined ? [] : ['-c', `deployment=${resolve(file)}`]
  const approval = yes ? ['--require-approval', 'never'] : []
  await cdk(['deploy', name, ...config, '--outputs-file', outputs, ...approval])
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
