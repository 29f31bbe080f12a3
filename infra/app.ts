import { fileURLToPath } from 'node:url'
import { TrellisError } from '../nas/errors.ts'
import { parseDeployment, readDeployment } from './config.ts'
import { jobImage } from './image.ts'
import { addTrellis, createApp } from './trellis-app.ts'

/* What `cdk` runs: `cdk synth -c deployment=deployment.yaml`, or without it for the defaults. */

try {
  const app = createApp()
  const file: unknown = app.node.tryGetContext('deployment')
  const deployment = typeof file === 'string' ? readDeployment(file) : parseDeployment({}, 'the defaults')
  const functions = fileURLToPath(new URL('../dist/functions', import.meta.url))
  addTrellis(app, { deployment, functions, image: jobImage })
  app.synth()
} catch (error) {
  if (!(error instanceof TrellisError)) throw error
  console.error(`trellis: ${error.message}${error.fix === undefined ? '' : `\n  fix: ${error.fix}`}`)
  process.exitCode = 2
}
