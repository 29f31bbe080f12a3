import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const IMAGES = ['cpu', 'gpu-onnx', 'gpu-tensorflow'] as const

type Instruction = readonly [name: string, rest: string]

/** Comments gone, continued lines joined. */
const instructionsOf = (image: string): Instruction[] =>
  read(`containers/${image}/Dockerfile`)
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()).default({}),
})
const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
})

describe.each(IMAGES)('the image %s', (image) => {
  const instructions = instructionsOf(image)
  const all = (wanted: string) => instructions.flatMap(([name, rest]) => (name === wanted ? [rest] : []))
  const afterLastStage = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'))

  it('stands on exact versions', () => {
    for (const base of all('FROM'))
      expect(base).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(-[a-z0-9.-]+)?( AS [a-z]+)?$/)
    for (const command of all('RUN')) expect(command).not.toMatch(/npm (i|install)\b|apt-get|curl|wget/)
  })

  it('has Node 22, as all images', () => {
    const nodes = all('FROM').filter((base) => base.startsWith('node:'))
    expect(nodes.length).toBeGreaterThan(0)
    for (const node of nodes) expect(node).toMatch(/^node:22\.21\.1-bookworm/)
  })

  it('runs the job, and not as root', () => {
    expect(afterLastStage.filter(([name]) => name === 'USER')).toEqual([['USER', 'nobody']])
    expect(afterLastStage.at(-1)).toEqual(['ENTRYPOINT', '["node", "dist/job.js"]'])
    expect(all('CMD')).toEqual([])
  })

  it('copies only what the build may see', () => {
    const visible = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    const copied = all('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(' ').slice(0, -1))
    expect(copied).toContain('dist')
    for (const source of copied) expect(visible).toContain(source === 'dist' ? 'dist/*.js' : source)
  })

  it('has every package that the job imports', async () => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['containers/job.ts'],
      bundle: true,
      splitting: true,
      outdir: 'unwritten',
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    })
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    const packages = imports
      .filter(({ path, external }) => external && !path.startsWith('node:'))
      .map(({ path }) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'))
    expect(packages).toContain('onnxruntime-node')
    const installed = Object.keys(manifest.parse(JSON.parse(read('package.json'))).dependencies)
    const removed = all('RUN').flatMap((command) =>
      [...command.matchAll(/node_modules\/(\S+)/g)].map(([, name]) => name!),
    )
    for (const name of packages) {
      expect(installed).toContain(name)
      expect(removed).not.toContain(name)
    }
  })
})

describe('what CUDA the images have', () => {
  const lastBase = (image: string) => instructionsOf(image).findLast(([name]) => name === 'FROM')![1]

  it('is 12 with cuDNN for ONNX Runtime, whose library is asked for', () => {
    expect(lastBase('gpu-onnx')).toMatch(/^nvidia\/cuda:12\.\d+\.\d+-cudnn-runtime-/)
    expect(read('containers/gpu-onnx/Dockerfile')).toContain('ONNXRUNTIME_NODE_INSTALL=cuda12')
    expect(read('containers/gpu-onnx/Dockerfile')).toContain('TRELLIS_DEVICE=cuda')
  })

  it('is that of TensorFlow 2.9.1 for tfjs-node-gpu', () => {
    expect(lastBase('gpu-tensorflow')).toBe('tensorflow/tensorflow:2.9.1-gpu')
  })
})

describe('the packages of gpu-tensorflow', () => {
  const wanted = manifest.parse(JSON.parse(read('containers/gpu-tensorflow/package.json')))
  const { packages } = lock.parse(JSON.parse(read('containers/gpu-tensorflow/package-lock.json')))

  it('are locked as they are wanted, each by its hash', () => {
    expect(packages['']!.dependencies).toEqual(wanted.dependencies)
    for (const [name, version] of Object.entries(wanted.dependencies))
      expect(packages[`node_modules/${name}`]).toMatchObject({ version })
    for (const [name, { integrity }] of Object.entries(packages))
      if (name !== '') expect(integrity, name).toMatch(/^sha512-/)
  })

  it('are the TensorFlow.js whose operations are tested here', () => {
    const { devDependencies } = manifest.parse(JSON.parse(read('package.json')))
    expect(packages['node_modules/@tensorflow/tfjs-core']!.version).toBe(
      devDependencies['@tensorflow/tfjs-core'],
    )
  })

  it('are nowhere else', () => {
    expect(Object.keys(manifest.parse(JSON.parse(read('package.json'))).dependencies)).not.toContain(
      '@tensorflow/tfjs-node-gpu',
    )
  })
})
