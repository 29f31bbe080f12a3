import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { contracts } from '../nas/pipelines/index.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Who may import whom, as ARCHITECTURE.md draws it. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  infra: ['functions', 'pipelines', 'nas'],
  cli: ['local', 'functions', 'pipelines', 'infra', 'report', 'nas'],
  local: ['functions', 'pipelines', 'nas'],
  functions: ['pipelines', 'report', 'nas'],
  containers: ['nas'],
  pipelines: [],
  report: ['nas'],
  nas: [],
}

/** The rooms of nas/, the lowest first: each imports only those before it. What lies beside them is for all. */
const ROOMS = [
  ...['boxes', 'graph', 'nets', 'metrics', 'store', 'engines', 'data'],
  ...['training', 'spaces', 'search', 'tasks', 'runs', 'pipelines'],
]

/** Where a new pipeline is entered; all else of it lies in folders of its name. */
const INDEXES = [
  'nas/pipelines/index.ts',
  'functions/index.ts',
  'containers/index.ts',
  'cli/pipelines/index.ts',
  'local/simulator/pipelines/index.ts',
]

interface Import {
  readonly file: string
  readonly target: string
  readonly isDynamic: boolean
}

const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/** Static and dynamic imports; relative ones as paths from the root. */
const importsOf = (file: string): Import[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(from|import\()\s*'([^']+)'/g)].map(
    ([, by, target]) => ({
      file,
      target: target!.startsWith('.') ? normalize(join(dirname(file), target!)) : target!,
      isDynamic: by !== 'from',
    }),
  )

/** Without comments, which cite papers, and without citations in descriptions: `(DPC section 3.2)`. */
const codeOf = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '').replace(/\([^()]*\bsection [^()]*\)/g, '')

const imports = Object.keys(ARROWS).flatMap(sources).flatMap(importsOf)
const outside = ({ target }: Pick<Import, 'target'>, names: readonly string[]) =>
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

  it.each(ROOMS)('nas/%s imports only rooms below it', (room) => {
    const broken = imports.filter(({ file, target }) => {
      const to = ROOMS.indexOf(target.split('/')[1] ?? '')
      return file.startsWith(`nas/${room}/`) && target.startsWith('nas/') && to > ROOMS.indexOf(room)
    })
    expect(broken).toEqual([])
  })

  it('has no room in nas that is not drawn', () => {
    const folders = readdirSync(join(root, 'nas'), { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    )
    expect(folders.map(({ name }) => name).sort()).toEqual([...ROOMS].sort())
  })

  it('names a pipeline in its own folders and in five indexes only', () => {
    const names = contracts.all().map(([name]) => name)
    const isOwn = (file: string) => file.split('/').some((part) => names.includes(part))
    const shared = Object.keys(ARROWS)
      .flatMap(sources)
      .filter((file) => !isOwn(file) && !INDEXES.includes(file))
    expect(shared.length).toBeGreaterThan(400)
    const naming = shared.filter((file) =>
      names.some((name) => new RegExp(name, 'i').test(codeOf(readFileSync(join(root, file), 'utf8')))),
    )
    expect(naming).toEqual([])
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
        outside(one, ['onnxruntime-common', 'koffi', 'sharp', '@tensorflow/tfjs-node']),
    )
    expect([...new Set(native.map(({ file }) => file))].sort()).toEqual([
      'nas/data/decode.ts',
      'nas/engines/onnxruntime/c-api.ts',
    ])
  })

  it('starts functions and the report without tensors or images', () => {
    const reached = new Set<string>()
    const visit = (file: string) => {
      if (reached.has(file)) return
      reached.add(file)
      for (const one of imports) if (one.file === file && !one.isDynamic) visit(one.target)
    }
    for (const file of [...sources('functions'), ...sources('report')]) visit(file)
    expect(
      [...reached].filter(
        (file) => file.startsWith('nas/engines') || outside({ target: file }, ['sharp', 'onnxruntime']),
      ),
    ).toEqual([])
  })

  it('reads what a user names in one place, which knows how much that may be', () => {
    const reading = [...sources('cli'), ...sources('infra')].filter((file) =>
      /\b(readFile(Sync)?|openSync|createReadStream)\b/.test(codeOf(readFileSync(join(root, file), 'utf8'))),
    )
    // The system's own files, and ours.
    expect(reading.sort()).toEqual([
      'cli/init.ts',
      'cli/open-files.ts',
      'cli/session.ts',
      'cli/version.ts',
      'infra/limits/validation.ts',
    ])
  })
})
