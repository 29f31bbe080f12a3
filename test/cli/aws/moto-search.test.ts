import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { MOTO } from '../../local/interpreter/moto/folder.ts'
import { TINY, TINY_AUTO_FPN, TINY_TOPFORMER, WITHOUT_LATENCY } from '../tiny.ts'
import { emptyFolder, trellis, writeConfig, writePng } from '../trellis.ts'

/** What a run on AWS writes as one here does; what ran where, when, and what it cost is another thing. */
const RESULTS =
  /^(runs\/r\/(?!config|datasets|history|ledger|sessions|starts|summary|report)|trials\/[^/]+\/(spec|result|weights|model)|(backbones|features)\/.*\.(safetensors|json)$)/

afterEach(() => vi.unstubAllEnvs())

/** Folders of images of one class each, of which a run gets its own copy in the bucket. */
function writeClasses(folder: string): void {
  for (const [label, value] of [10, 120, 240].entries())
    for (let i = 0; i < 4; i++)
      for (const split of ['train', 'val'])
        writePng(
          join(folder, `classes/${split}/class${label}/${i}.png`),
          [64, 64],
          3,
          value,
          value + i,
          2 * i,
        )
}

test.skipIf(!MOTO).each([
  ['dpc', 20, TINY],
  ['densenas', 18, WITHOUT_LATENCY],
  [
    'auto-fpn',
    20,
    TINY_AUTO_FPN.replace(
      'random: 1',
      'random: 1, evolution: { population: 2, tournament: 2, evaluations: 3, perRound: 2, steps: 1 }',
    ),
  ],
  [
    'topformer',
    20,
    `${TINY_TOPFORMER}
pretrain: { dataset: { kind: class-folders, path: classes }, image: 80, steps: 2, batch: 2 }`,
  ],
])(
  'search --aws of %s on moto leaves the bytes of a search on this computer',
  async (pipeline, fewest, config) => {
    const { startMotoCloud } = await import('./moto-cloud.ts')
    const { openStore } = await import('../../../nas/store/open.ts')
    const folder = emptyFolder()
    writeConfig(folder, config)
    writeClasses(folder)
    const moto = await startMotoCloud(MOTO, pipeline, folder)
    onTestFinished(moto.stop)
    const search = ['search', 'search.yaml', '--run', 'r']
    const there = await trellis(folder, ...search, '--aws', '--set', 'compute.card=cpu')
    expect(there.status, there.stderr + there.stdout).toBe(0)
    const here = await trellis(folder, ...search, '--set', 'store=here')
    expect(here.status, here.stderr).toBe(0)

    const [aws, local] = await Promise.all(['s3://bucket', join(folder, 'here')].map(resultsOf))
    expect(aws!.size).toBeGreaterThan(fewest)
    expect([...aws!.keys()]).toEqual([...local!.keys()])
    expect([...aws!].filter(([key, bytes]) => !local!.get(key)!.equals(bytes)).map(([key]) => key)).toEqual(
      [],
    )

    async function resultsOf(location: string): Promise<ReadonlyMap<string, Buffer>> {
      const store = openStore(location)
      const found: [string, Buffer][] = []
      for await (const key of store.list(''))
        if (RESULTS.test(key)) found.push([key, Buffer.from((await store.get(key))!)])
      return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)))
    }
  },
)
