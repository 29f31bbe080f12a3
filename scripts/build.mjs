// ONNX Runtime, and the bundles of the two programs, the command line and the job that Batch (or the local runner) starts, and of
// the Lambda functions.
import { spawnSync } from 'node:child_process'
import { bundle } from './bundle.mjs'
import { bundleFunctions } from './bundle-functions.mjs'
import { putOnnxRuntime } from './onnxruntime.mjs'

putOnnxRuntime('dist/onnxruntime-node')

await bundle({
  entryPoints: { trellis: 'cli/bin.ts', job: 'containers/job.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  banner: { js: '#!/usr/bin/env node' },
  sourcemap: true,
  logLevel: 'warning',
  define: { COMMIT: JSON.stringify(commit()) },
})

await bundleFunctions('dist/functions')

/** Of the clone; empty outside of one. */
function commit() {
  const { status, stdout } = spawnSync(
    'git',
    ['describe', '--always', '--dirty', '--abbrev=7', '--exclude=*'],
    { encoding: 'utf8' },
  )
  return status === 0 ? stdout.trim() : ''
}
