// ONNX Runtime, and the bundles of the two programs, the command line and the job that Batch (or the local runner) starts, and of
// the Lambda functions.
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
})

await bundleFunctions('dist/functions')
