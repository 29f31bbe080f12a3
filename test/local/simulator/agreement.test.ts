import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runMachine } from '../../../local/run.ts'
import { noFaults } from '../../../local/simulator/faults.ts'
import { product } from '../../../local/simulator/product.ts'
import { run as simulateRun } from '../../../local/simulator/run.ts'
import { runKeys } from '../../../nas/runs/keys.ts'
import { folderStore } from '../../../nas/store/folder.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import { smallRun } from './small-run.ts'

/** What a run leaves that does not depend on clocks. */
const isResult = (key: string) =>
  /\/(leaderboard|rerank|result|genotype|deeplab|cost)\.json$|\.svg$|\/rounds\/.*\.json$/.test(key)

// Beside the packages that the job imports.
const bundle = fileURLToPath(new URL('../../../node_modules/.cache/simulated-job.mjs', import.meta.url))
const folders: string[] = []
beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL('real-job.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
)
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

async function inProcesses(seed: number) {
  const { record } = smallRun(seed).runs[0]!
  const folder = mkdtempSync(join(tmpdir(), 'trellis-agreement-'))
  folders.push(folder)
  const store = folderStore(folder)
  const { run } = record
  const { pipeline } = record.config
  await store.put(runKeys(run).config, jsonBytes(record))
  const events: string[] = []
  await runMachine({
    pipeline: product.definition(pipeline),
    start: 'Search',
    handlers: product.handlers(pipeline, { store }),
    store,
    run,
    bundle,
    slots: 1,
    onEvent: ({ path, type, state }) => events.push(`${path} ${type} ${state}`),
  })
  const results = new Map<string, string>()
  for await (const key of store.list(''))
    if (isResult(key)) results.set(key, new TextDecoder().decode(await store.get(key)))
  return { events, results }
}

async function inVirtualTime(seed: number) {
  const events: string[] = []
  const { objects } = await simulateRun(smallRun(seed), noFaults(seed), product, {
    onEvent: ({ path, type, state }) => events.push(`${path} ${type} ${state}`),
  })
  const results = [...objects]
    .filter(([key]) => isResult(key))
    .map(([key, bytes]) => [key, new TextDecoder().decode(bytes)] as const)
  return { events, results: new Map(results) }
}

it.each([8, 9, 29])(
  'real processes and virtual time agree on every event and result of run %i',
  async (seed) => {
    const [real, virtual] = [await inProcesses(seed), await inVirtualTime(seed)]
    expect(real.events).toEqual(virtual.events)
    expect(Object.fromEntries(real.results)).toEqual(Object.fromEntries(virtual.results))
    expect(real.events.length).toBeGreaterThan(150)
    expect(real.results.size).toBeGreaterThan(10)
  },
)
