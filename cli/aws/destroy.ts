import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDeployment, readDeployment } from '../../infra/config.ts'
import { TrellisError } from '../../nas/errors.ts'
import { type Cdk, cdk, checkCheckout } from './cdk.ts'
import { type Cloud, inCloud, storeOf } from './cloud.ts'
import { deployedFile } from './deployed.ts'
import { runningIn } from './executions.ts'

export interface DestroyOptions {
  readonly yes?: boolean
}

/** Takes a deployment off AWS, but for its store. */
export async function destroy(file: string | undefined, options: DestroyOptions): Promise<void> {
  checkCheckout()
  const { name } = file === undefined ? parseDeployment({}, 'the defaults') : readDeployment(file)
  await inCloud({ deployment: name }, (cloud) => destroyIn(cloud, { cdk, file, ...options }))
}

/** @throws TrellisError `invalid-config` while something runs, whose jobs would go on and cost */
export async function destroyIn(
  { deployed, services }: Pick<Cloud, 'deployed' | 'services'>,
  { cdk, file, yes }: DestroyOptions & { readonly cdk: Cdk; readonly file: string | undefined },
): Promise<void> {
  const sfn = await services.sfn()
  for await (const { name } of runningIn(sfn, deployed)) {
    throw new TrellisError('invalid-config', `${name} is running in ${deployed.name}`, {
      fix: 'wait for it, or trellis stop it',
    })
  }
  const config = file === undefined ? [] : ['-c', `deployment=${resolve(file)}`]
  await cdk(['destroy', deployed.name, ...config, ...(yes ? ['--force'] : [])])
  rmSync(deployedFile(deployed.name, deployed), { force: true })
  // It has versions, which `aws s3 rb --force` leaves, and then it fails.
  console.log(
    `${storeOf(deployed)} is left, with all runs in it; to delete it, choose Empty, which takes old versions with it, and then Delete in the console of S3: https://console.aws.amazon.com/s3/buckets/${deployed.Bucket}`,
  )
}
