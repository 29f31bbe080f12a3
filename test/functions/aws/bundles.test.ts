import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { pipelines } from '../../../functions/index.ts'
import { sharedFunctions } from '../../../pipelines/shared.ts'
import { bundleFunctions } from '../../../scripts/bundle-functions.mjs'

/** Every start of a function reads and compiles this. */
const LOADED = 500_000
/** Compressed. Each pipeline adds its report, which is loaded when it is drawn; a container downloads all once. */
const DEPLOYED = 600_000

const outdir = mkdtempSync(join(tmpdir(), 'trellis-bundles-'))
let names: readonly string[]
beforeAll(async () => {
  names = await bundleFunctions(outdir)
  mkdirSync(join(outdir, 'node_modules'))
  symlinkSync(resolve('node_modules/@aws-sdk'), join(outdir, 'node_modules/@aws-sdk'))
})

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

/** Starts a program as Lambda does, with nothing but the AWS SDK of its runtime. */
function load(program: string, environment: Readonly<Record<string, string>> = {}): void {
  const url = pathToFileURL(join(outdir, program, 'index.mjs')).href
  const script = `
    const { handler } = await import(process.argv[1])
    if (typeof handler !== 'function') throw new Error('no handler')`
  execFileSync(process.execPath, ['--input-type=module', '-e', script, url], {
    stdio: 'pipe',
    env: {
      ...process.env,
      TRELLIS_STORE: 's3://bucket',
      AWS_REGION: 'eu-west-1',
      POWERTOOLS_METRICS_NAMESPACE: 'T',
      ...environment,
    },
  })
}

describe('the bundles of functions', () => {
  it('are one for all functions of the pipelines, one that counts jobs, and one that closes queues', () => {
    expect(names).toEqual(['close-queues', 'handler', 'queue-depth'])
    expect(
      readdirSync(outdir)
        .filter((name) => name !== 'node_modules')
        .sort(),
    ).toEqual(names)
  })

  it('load less than 500 KB at start, and are less than 600 KB to deploy', () => {
    for (const name of names) {
      expect(bytes(loadedAtStart(join(outdir, name, 'index.mjs'))), name).toBeLessThan(LOADED)
      const compressed = filesOf(name).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
      expect(compressed, name).toBeLessThan(DEPLOYED)
    }
  })

  it('hold no tensors: neither ONNX Runtime, nor TensorFlow.js, nor an image decoder', () => {
    for (const name of names) {
      const text = filesOf(name)
        .map((file) => readFileSync(file, 'utf8'))
        .join()
      for (const heavy of ['#onnxruntime-node', 'koffi', '@tensorflow', '"sharp"'])
        expect(text, name).not.toContain(heavy)
    }
  })

  it('need nothing but the AWS SDK of the Lambda runtime, and export a handler', () => {
    load('queue-depth')
    load('close-queues', { TRELLIS_QUEUES: 'q' })
    const addresses = [
      ...Object.keys(sharedFunctions),
      ...pipelines
        .all()
        .flatMap(([name, { definition }]) =>
          Object.keys(definition.functions).map((each) => `${name}/${each}`),
        ),
    ]
    for (const address of addresses) load('handler', { TRELLIS_FUNCTION: address })
  })

  it('refuse to start as a function that there is not', () => {
    for (const address of ['Decode', 'dpc/Finalize', 'dpc/Nothing'])
      expect(() => load('handler', { TRELLIS_FUNCTION: address })).toThrow(`there is no function ${address}`)
    for (const nothing of [{}, { TRELLIS_FUNCTION: '' }])
      expect(() => load('handler', nothing)).toThrow('TRELLIS_FUNCTION does not say which function this is')
  })
})
