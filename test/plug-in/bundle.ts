import { copyFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Below node_modules, where the packages are found that the programs import.
const outdir = join(root, 'node_modules/.cache/plug-in/dist')

/** Bundles the command line and the job with the plug-in registered; returns the command line. */
export async function bundlePlugIn(): Promise<string> {
  await build({
    entryPoints: {
      trellis: join(root, 'test/plug-in/trellis-entry.ts'),
      job: join(root, 'test/plug-in/job-entry.ts'),
    },
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
  })
  copyFileSync(join(root, 'package.json'), join(outdir, '../package.json'))
  const library = join(outdir, 'onnxruntime-node')
  rmSync(library, { force: true })
  symlinkSync(join(root, 'dist/onnxruntime-node'), library)
  return join(outdir, 'trellis.js')
}
