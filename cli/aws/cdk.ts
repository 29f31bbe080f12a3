import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TrellisError } from '../../nas/errors.ts'

/** The folder of cdk.json: above this file, and from the bundle above dist/. */
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '..', import.meta.url))

/** Shows a command of the CDK's own command line, and runs it here. */
export type Cdk = (args: readonly string[]) => Promise<void>

/** @throws TrellisError `unsupported` in an installed package, which lacks what images and stacks are built from */
export function checkCheckout(folder = root): void {
  if (existsSync(join(folder, 'cdk.json'))) return
  throw new TrellisError(
    'unsupported',
    `this needs a checkout of the repository: there is no infra/ in ${folder}`,
    {
      fix: 'clone it, run npm ci there, and give this command there as npx trellis; all others work from here',
    },
  )
}

/** @throws TrellisError `job-failed` when it fails; it has said why */
export const cdk: Cdk = async (args) => {
  const program = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')
  console.log(`$ cdk ${args.join(' ')}`)
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status === 0) return
  throw new TrellisError('job-failed', `cdk ${args[0]} has failed`, {
    fix: 'mend what it says above, then try again: what is done stays done',
  })
}

/** @throws TrellisError `unsupported` where there is no Docker, with which CDK builds the images of jobs */
export function checkDocker(docker = process.env.CDK_DOCKER ?? 'docker'): void {
  if (spawnSync(docker, ['version'], { timeout: 10_000, stdio: 'ignore' }).status === 0) return
  throw new TrellisError('unsupported', `${docker} does not answer: it builds the images of jobs`, {
    fix: 'start Docker, or set CDK_DOCKER to what builds images in its place',
  })
}
