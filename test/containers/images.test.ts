import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App, Stack } from 'aws-cdk-lib'
import { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { AssetManifestArtifact } from 'aws-cdk-lib/cx-api'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { jobImage } from '../../infra/image.ts'
import type { Card } from '../../nas/runs/prices.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const IMAGES = ['cpu', 'gpu-onnx', 'gpu-tensorflow'] as const

type Instruction = readonly [name: string, rest: string]

interface Stage {
  readonly name: string
  readonly base: string
  readonly instructions: readonly Instruction[]
}

/** Without comments, continued lines joined. */
const instructions: readonly Instruction[] = read('containers/Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)])

const stages: readonly Stage[] = instructions.flatMap(([name, rest], i) => {
  if (name !== 'FROM') return []
  const [base, stage] = rest.split(' AS ')
  const end = instructions.findIndex(([name], j) => j > i && name === 'FROM')
  return [
    { name: stage!, base: base!, instructions: instructions.slice(i + 1, end === -1 ? undefined : end) },
  ]
})
const stageOf = (name: string) => stages.find((stage) => stage.name === name)

/** A target and the stages that it is built from or copies from, the target last. */
function stagesOf(target: string): readonly Stage[] {
  const stage = stageOf(target)
  if (stage === undefined) return []
  const copied = stage.instructions.flatMap(([, rest]) => /^--from=(\S+)/.exec(rest)?.[1] ?? [])
  return [...new Set([...[stage.base, ...copied].flatMap(stagesOf), stage])]
}

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
  const used = stagesOf(image)
  const all = (wanted: string) =>
    used.flatMap(({ instructions }) =>
      instructions.flatMap(([name, rest]) => (name === wanted ? [rest] : [])),
    )
  const bases = used.flatMap(({ base }) => (stageOf(base) === undefined ? [base] : []))
  const target = stageOf(image)!

  it('stands on exact versions', () => {
    expect(bases.length).toBeGreaterThan(0)
    for (const base of bases) expect(base).toMatch(/^[a-z/]+:\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/)
    for (const command of all('RUN')) expect(command).not.toMatch(/npm (i|install)\b|apt-get|curl|wget/)
  })

  it('has Node 22, as all images', () => {
    const nodes = bases.filter((base) => base.startsWith('node:'))
    expect(nodes.length).toBeGreaterThan(0)
    for (const node of nodes) expect(node).toMatch(/^node:22\.21\.1-bookworm/)
  })

  it('runs the job, and not as root', () => {
    expect(target.instructions.filter(([name]) => name === 'USER')).toEqual([['USER', 'nobody']])
    expect(target.instructions.at(-1)).toEqual(['ENTRYPOINT', '["node", "dist/job.js"]'])
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
    expect(target.instructions.map(([, rest]) => rest)).toContainEqual(
      expect.stringMatching(/^--from=onnxruntime\S* \S+ dist\/onnxruntime-node$/),
    )
    expect(packages).toContain('koffi')
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
  const textOf = (target: string) =>
    stagesOf(target)
      .flatMap(({ instructions }) => instructions.map((instruction) => instruction.join(' ')))
      .join('\n')

  it('is 12 with cuDNN for ONNX Runtime, whose library is asked for', () => {
    expect(stageOf('gpu-onnx')!.base).toMatch(/^nvidia\/cuda:12\.\d+\.\d+-cudnn-runtime-/)
    expect(textOf('gpu-onnx')).toContain('ONNXRUNTIME_NODE_INSTALL=cuda12')
    expect(textOf('gpu-onnx')).toContain('TRELLIS_DEVICE=cuda')
    const fetched = createRequire(import.meta.url)(
      `${root}dist/onnxruntime-node/script/install-metadata.js`,
    ) as { readonly requirements: Readonly<Record<string, readonly string[]>> }
    expect(fetched.requirements['linux/x64']).toEqual(['cuda12'])
  })

  it('is that of TensorFlow 2.9.1 for tfjs-node-gpu', () => {
    expect(stageOf('gpu-tensorflow')!.base).toBe('tensorflow/tensorflow:2.9.1-gpu')
    expect(textOf('gpu-tensorflow')).toContain('containers/gpu-tensorflow/package-lock.json')
    expect(textOf('gpu-tensorflow')).toContain('TRELLIS_DEVICE=cuda')
  })

  it.each(['cpu', 'gpu-tensorflow'])('is no part of ONNX Runtime in %s', (image) => {
    expect(textOf(image)).not.toMatch(/ONNXRUNTIME_NODE_INSTALL/)
  })
})

describe('the image of a card', () => {
  const app = new App()
  const stack = new Stack(app, 'Images')
  const cards = Object.entries({ cpu: 'cpu', t4: 'gpu-onnx', v100: 'gpu-tensorflow' } as const)
  for (const [card] of cards)
    new FargateTaskDefinition(stack, card).addContainer('job', { image: jobImage(card as Card) })
  const manifest = app.synth().artifacts.find(AssetManifestArtifact.isAssetManifestArtifact)!
  const sources = Object.values(manifest.contents.dockerImages!).map(({ source }) => source)

  it.each(cards)('of %s is the target %s', (_, target) => {
    expect(stageOf(target)).toBeDefined()
    expect(sources).toContainEqual(
      expect.objectContaining({
        dockerFile: 'containers/Dockerfile',
        dockerBuildTarget: target,
        platform: 'linux/amd64',
      }),
    )
  })

  it('is built from a folder that holds all that it copies', () => {
    const visible = readdirSync(join(app.outdir, sources[0]!.directory!), { recursive: true })
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .flatMap(([name, rest]) =>
        name === 'COPY' && !rest.startsWith('--from=') ? rest.split(' ').slice(0, -1) : [],
      )
    for (const source of copied.filter((source) => source !== 'dist')) expect(visible).toContain(source)
    expect(visible).toContain('containers/Dockerfile')
  })
})

const apart = (folder: string) => ({
  wanted: manifest.parse(JSON.parse(read(`${folder}/package.json`))),
  packages: lock.parse(JSON.parse(read(`${folder}/package-lock.json`))).packages,
})

describe.each(['containers/gpu-tensorflow', 'scripts/onnxruntime'])('the packages of %s', (folder) => {
  it('are locked as they are wanted, each by its hash', () => {
    const { wanted, packages } = apart(folder)
    expect(packages['']!.dependencies).toEqual(wanted.dependencies)
    for (const [name, version] of Object.entries(wanted.dependencies))
      expect(packages[`node_modules/${name}`]).toMatchObject({ version })
    for (const [name, { integrity }] of Object.entries(packages))
      if (name !== '') expect(integrity, name).toMatch(/^sha512-/)
  })

  it('are nowhere else', () => {
    const { dependencies } = manifest.parse(JSON.parse(read('package.json')))
    for (const name of Object.keys(apart(folder).wanted.dependencies))
      expect(Object.keys(dependencies)).not.toContain(name)
  })
})

describe('what is installed apart', () => {
  it('has the interface of ONNX Runtime that the root installs', () => {
    const { devDependencies } = manifest.parse(JSON.parse(read('package.json')))
    const { packages } = apart('scripts/onnxruntime')
    expect(packages['node_modules/onnxruntime-common']!.version).toBe(devDependencies['onnxruntime-common'])
  })

  it('has the TensorFlow.js whose operations are tested here', () => {
    const { packages } = apart('containers/gpu-tensorflow')
    const { devDependencies } = manifest.parse(JSON.parse(read('package.json')))
    expect(packages['node_modules/@tensorflow/tfjs-core']!.version).toBe(
      devDependencies['@tensorflow/tfjs-core'],
    )
  })
})
