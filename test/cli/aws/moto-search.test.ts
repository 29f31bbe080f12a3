import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { MOTO } from '../../local/interpreter/moto/folder.ts'

/** What a run on AWS writes as one here does; what ran where, when, and what it cost is another thing. */
const RESULTS =
  /^(runs\/r\/(rounds\/|rerank|decoded\/|leaderboard)|trials\/[^/]+\/(spec|result|weights|model)|(backbones|features)\/.*\.(safetensors|json)$)/

let stop: (() => Promise<void>) | undefined
afterAll(async () => {
  await stop?.()
  vi.unstubAllEnvs()
})

test.skipIf(!MOTO)('search --aws on moto leaves the bytes of a search on this computer', async () => {
  const { startMotoCloud } = await import('./moto-cloud.ts')
  const { emptyFolder, trellis, writeConfig } = await import('../trellis.ts')
  const { openStore } = await import('../../../nas/store/open.ts')
  const folder = emptyFolder()
  writeConfig(folder)
  const moto = await startMotoCloud(MOTO, 'dpc', folder)
  stop = moto.stop
  const search = ['search', 'search.yaml', '--run', 'r']
  const there = await trellis(folder, ...search, '--aws', '--set', 'compute.card=cpu')
  expect(there.status, there.stderr + there.stdout).toBe(0)
  const here = await trellis(folder, ...search, '--set', 'store=here')
  expect(here.status, here.stderr).toBe(0)

  const [aws, local] = await Promise.all(['s3://bucket', join(folder, 'here')].map(resultsOf))
  expect(aws!.size).toBeGreaterThan(20)
  expect([...aws!.keys()]).toEqual([...local!.keys()])
  expect([...aws!].filter(([key, bytes]) => !local!.get(key)!.equals(bytes)).map(([key]) => key)).toEqual([])

  async function resultsOf(location: string): Promise<ReadonlyMap<string, Buffer>> {
    const store = openStore(location)
    const found: [string, Buffer][] = []
    for await (const key of store.list(''))
      if (RESULTS.test(key)) found.push([key, Buffer.from((await store.get(key))!)])
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
  }
})
