import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Who may import whom, as ARCHITECTURE.md draws it. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  infra: ['pipelines', 'nas', 'functions'],
  cli: ['local', 'functions', 'pipelines', 'infra', 'report', 'nas'],
  local: ['pipelines', 'functions', 'nas'],
  functions: ['report', 'nas'],
  containers: ['nas'],
  pipelines: [],
  report: ['nas'],
  nas: [],
}

interface Import {
  readonly file: string
  readonly target: string
}

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/** Static and dynamic imports; relative ones as paths from the root. */
const importsOf = (file: string): Import[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, target]) => ({
      file,
      target: target!.startsWith('.') ? normalize(join(dirname(file), target!)) : target!,
    }),
  )

const imports = Object.keys(ARROWS).flatMap(sources).flatMap(importsOf)
const outside = ({ target }: Import, names: readonly string[]) =>
  names.some((name) => target.startsWith(name))

describe('the house', () => {
  it('has imports to look at', () => {
    expect(imports.length).toBeGreaterThan(500)
  })

  it.each(Object.entries(ARROWS))('%s imports only what lies below it', (folder, below) => {
    const broken = imports.filter(({ file, target }) => {
      const from = file.split('/')[0]
      const to = target.split('/')[0]!
      return from === folder && to in ARROWS && to !== folder && !below.includes(to)
    })
    expect(broken).toEqual([])
  })

  it('keeps AWS out of nas, but for the S3 store', () => {
    const aws = imports.filter(
      (one) => one.file.startsWith('nas/') && outside(one, ['@aws-sdk', 'aws-cdk-lib', '@aws-lambda']),
    )
    expect(aws.filter(({ file }) => !file.startsWith('nas/store/s3'))).toEqual([])
  })

  it('touches native libraries only in the engines and the image decoder', () => {
    const native = imports.filter(
      (one) =>
        one.file.startsWith('nas/') &&
        outside(one, ['onnxruntime-node', 'koffi', 'sharp', '@tensorflow/tfjs-node']),
    )
    expect([...new Set(native.map(({ file }) => file))].sort()).toEqual([
      'nas/data/decode.ts',
      'nas/engines/onnxruntime/binding.ts',
      'nas/engines/onnxruntime/c-api.ts',
    ])
  })

  it('keeps functions and the report free of tensors', () => {
    const reached = new Set<string>()
    const visit = (file: string) => {
      if (reached.has(file)) return
      reached.add(file)
      for (const { target } of imports.filter((one) => one.file === file)) visit(target)
    }
    for (const file of sources('functions')) visit(file)
    expect(
      [...reached].filter(
        (file) => file.startsWith('nas/engines') || outside({ file, target: file }, ['sharp', 'onnxruntime']),
      ),
    ).toEqual([])
  })
})
