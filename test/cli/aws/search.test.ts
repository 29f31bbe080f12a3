import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { startIn } from '../../../cli/aws/search.ts'
import type { TrellisError } from '../../../nas/errors.ts'
import type { DpcConfig } from '../../../nas/pipelines/dpc/config.ts'
import { readRun } from '../../../nas/pipelines/run.ts'
import { searchSizeSchema } from '../../../nas/runs/search-size.ts'
import { segmentation } from '../../../nas/tasks/segmentation.ts'
import type { memoryStore } from '../../functions/memory-store.ts'
import { aConfig } from '../../nas/pipelines/dpc/example.ts'
import { emptyFolder } from '../trellis.ts'
import { deployed, fakeCloud, ofDpc } from './fake-cloud.ts'

vi.spyOn(console, 'log').mockImplementation(() => {})

/** A dataset of four images of two classes, and a file that nobody asked for. */
function datasetIn(folder: string): void {
  const pixels = (channels: number) =>
    encode({
      width: 4,
      height: 4,
      channels,
      data: Uint8Array.from({ length: 16 * channels }, (_, i) => i % 2),
    })
  for (const split of ['train', 'val']) {
    mkdirSync(join(folder, 'images', split), { recursive: true })
    mkdirSync(join(folder, 'annotations', split), { recursive: true })
    for (const name of ['a', 'b']) {
      writeFileSync(join(folder, 'images', split, `${name}.png`), pixels(3))
      writeFileSync(join(folder, 'annotations', split, `${name}.png`), pixels(1))
    }
  }
  writeFileSync(join(folder, 'notes.txt'), 'mine')
}

const config = (folder: string, ...overrides: readonly string[]) =>
  aConfig(
    `dataset={kind: folders, path: ${folder}, classes: [road, sky]}`,
    'compute.card=t4',
    'name=street',
    ...overrides,
  )

const uploadsOf = (store: ReturnType<typeof memoryStore>) =>
  [...store.objects.keys()].filter((key) => key.startsWith('datasets/'))

let folder: string
beforeEach(() => {
  folder = emptyFolder()
  datasetIn(folder)
})

describe('search --aws', () => {
  test('uploads what the dataset is read from and nothing else, under its fingerprint', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder), { run: 'r1' })
    const record = await readRun(cloud.store, 'r1')
    const prefix = `datasets/${record.dataset.fingerprint}`
    const files = ['train', 'val'].flatMap((split) =>
      ['a', 'b'].flatMap((name) => [`images/${split}/${name}.png`, `annotations/${split}/${name}.png`]),
    )
    expect(uploadsOf(cloud.store).sort()).toEqual(files.map((file) => `${prefix}/${file}`).sort())
    expect(record.config).toMatchObject({
      store: 'memory:',
      dataset: { kind: 'folders', path: `memory:/${prefix}` },
    })
  })

  test('what was uploaded is the same dataset', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder, 'dataset.limit={train: 1}'), { run: 'r1' })
    const { config: recorded, dataset } = await readRun(cloud.store, 'r1')
    const { store } = cloud
    const opened = await segmentation.open((recorded as DpcConfig).dataset, (path) => {
      const prefix = `${path.slice('memory:/'.length)}/`
      return {
        location: path,
        get: (key) => store.get(prefix + key),
        async *list(under) {
          for await (const key of store.list(prefix + under)) yield key.slice(prefix.length)
        },
      }
    })
    expect(opened.fingerprint).toBe(dataset.fingerprint)
    expect(opened.train).toHaveLength(1)
  })

  test('sends a file once, also when an upload broke off', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder), { run: 'r1' })
    const [lost, ...others] = uploadsOf(cloud.store)
    await cloud.store.delete(lost!)
    cloud.store.asked.length = 0
    const put = vi.spyOn(cloud.store, 'put')
    await startIn(cloud, config(folder), { run: 'r2' })
    const sent = put.mock.calls.map(([key]) => key)
    expect(sent).toContain(lost)
    expect(sent.filter((key) => others.includes(key))).toEqual([])
  })

  test('records what the card costs either way, and starts an execution of the run’s name', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder), { run: 'r1' })
    const { prices } = await readRun(cloud.store, 'r1')
    expect(prices).toMatchObject({
      spot: { usdPerHour: 0.22, onDemandUsdPerHour: 0.526, basis: expect.stringContaining('spot') },
      onDemand: { usdPerHour: 0.526, basis: expect.stringContaining('on demand') },
    })
    expect(cloud.sfn.calls).toEqual([
      [
        'startExecution',
        { stateMachineArn: ofDpc.Search, name: 'r1', input: '{"run":"r1","concurrency":8}' },
      ],
    ])
  })

  test('runs no more jobs at once than the deployment rents cards', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder, 'compute.concurrency=64'), { run: 'r1' })
    expect(cloud.sfn.calls[0]).toMatchObject(['startExecution', { input: '{"run":"r1","concurrency":16}' }])
    expect((await readRun(cloud.store, 'r1')).config.compute.concurrency).toBe(16)
  })

  test.each([
    ['a card that is not deployed', 'compute.card=l4', /nothing is deployed for card l4/],
    ['this computer', 'compute.card=cpu', /nothing is deployed for card cpu/],
    ['a card that AWS never had', 'compute.card=p100', /card p100 cannot be had/],
    ['a retired card', 'compute.card=v100', /card v100 cannot be had: AWS has retired/],
    [
      'a retired card that may be rented but is not deployed',
      'compute={card: v100, allowRetired: true}',
      /nothing is deployed for card v100/,
    ],
    [
      'an engine that the image of the card does not have',
      'compute.engine=tensorflow',
      /^compute\.engine is tensorflow, and jobs on AWS with t4 run in the image gpu-onnx, which trains with onnxruntime$/,
    ],
    ['a dataset that is wrong', 'dataset.classes=[road]', /annotations\/train\/[ab]\.png/],
  ])('starts and leaves nothing for %s', async (_, override, message) => {
    const cloud = fakeCloud()
    await expect(startIn(cloud, config(folder, override), { run: 'r1' })).rejects.toThrow(message)
    expect(cloud.sfn.calls).toEqual([])
    expect([...cloud.store.objects.keys()]).toEqual([])
  })

  describe('on a deployment that is proven for 10 trials', () => {
    const provenFor = (size: object) => ({
      ...fakeCloud(),
      deployed: { ...deployed, SearchSize: searchSizeSchema.parse(size) },
    })
    const rounds = 'search={perRound: 5, trialsPerJob: 1}'
    const proven = { trials: 10, perRound: 5, trialsPerJob: 1 }

    test('a run of 10 starts', async () => {
      const cloud = provenFor(proven)
      await startIn(cloud, config(folder, rounds, 'budget={trials: 10}'), { run: 'r1' })
      expect(cloud.sfn.calls).toHaveLength(1)
    })

    test.each(['budget={trials: 20}', 'budget={usd: 1}'])(
      'one of more is refused before anything is uploaded, and the fix lets it start: %s',
      async (budget) => {
        const cloud = provenFor(proven)
        const larger = config(folder, rounds, budget)
        const error = await startIn(cloud, larger, { run: 'r1' }).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({
          code: 'invalid-config',
          message: expect.stringContaining('limits are not proven for a search of this size: rounds'),
        })
        expect([...cloud.store.objects.keys()]).toEqual([])
        const [, size] = /with search: (\{.*\}), which/.exec((error as TrellisError).fix!)!
        const raised = provenFor(parse(size!))
        await startIn(raised, larger, { run: 'r1' })
        expect(raised.sfn.calls).toHaveLength(1)
      },
    )
  })

  test('a name that is taken starts nothing', async () => {
    const cloud = fakeCloud()
    await startIn(cloud, config(folder), { run: 'r1' })
    await expect(startIn(cloud, config(folder), { run: 'r1' })).rejects.toThrow('there is a run r1')
    expect(cloud.sfn.calls).toHaveLength(1)
  })
})
