import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { functions } from '../../../pipelines/names.ts'
import { bundleFunctions } from '../../../scripts/bundle-functions.mjs'

const LIMIT = 500_000

const outdir = mkdtempSync(join(tmpdir(), 'trellis-bundles-'))
let names: readonly string[]
beforeAll(async () => {
  names = await bundleFunctions(outdir)
}, 120_000)

const kebab = (name: string) => name.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
const filesOf = (name: string) => readdirSync(join(outdir, name)).map((file) => join(outdir, name, file))

/** What is loaded when a function starts: the entry and the chunks that it imports, not those that it asks for later. */
function loadedAtStart(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, chunk] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"\.\/([\w.-]+)"/g))
    loadedAtStart(join(file, '..', chunk!), seen)
  return seen
}
const bytes = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + statSync(file).size, 0)

describe('the bundles of functions', () => {
  it('are one for each function of the pipelines, and one that counts jobs', () => {
    expect([...names].sort()).toEqual([...functions.map(kebab), 'queue-depth'].sort())
  })

  it('load less than 500 KB at start, and are less than 500 KB to deploy', () => {
    for (const name of names) {
      expect(bytes(loadedAtStart(join(outdir, name, 'index.mjs'))), name).toBeLessThan(LIMIT)
      const compressed = filesOf(name).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
      expect(compressed, name).toBeLessThan(LIMIT)
    }
  })

  it('hold no tensors: neither ONNX Runtime, nor TensorFlow.js, nor an image decoder', () => {
    for (const name of names) {
      const text = filesOf(name)
        .map((file) => readFileSync(file, 'utf8'))
        .join()
      for (const heavy of ['onnxruntime-node', 'koffi', '@tensorflow', '"sharp"'])
        expect(text, name).not.toContain(heavy)
    }
  })

  it('need nothing but the AWS SDK of the Lambda runtime, and export a handler', () => {
    mkdirSync(join(outdir, 'node_modules'))
    symlinkSync(resolve('node_modules/@aws-sdk'), join(outdir, 'node_modules/@aws-sdk'))
    const script = `for (const url of process.argv.slice(1)) {
      const { handler } = await import(url)
      if (typeof handler !== 'function') throw new Error(url)
    }`
    const urls = names.map((name) => pathToFileURL(join(outdir, name, 'index.mjs')).href)
    execFileSync(process.execPath, ['--input-type=module', '-e', script, ...urls], {
      env: {
        ...process.env,
        TRELLIS_STORE: 's3://bucket',
        AWS_REGION: 'eu-west-1',
        POWERTOOLS_METRICS_NAMESPACE: 'T',
      },
    })
  })
})
