import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { TINY } from './tiny.ts'
import { bundle, type Ended, emptyFolder, startTrellis, trellis, writeConfig, writePng } from './trellis.ts'

// Seconds on a computer of one's own, minutes where many others compute.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const inRun = (folder: string, file: string, run = 'a') => join(folder, 'trellis-store/runs', run, file)
/** What equal searches find alike: the model as it was trained, since the one that a run hands out names the run. */
function found(folder: string, run = 'a') {
  const [leaderboard, rerank] = ['leaderboard.json', 'rerank.json'].map((file) =>
    readFileSync(inRun(folder, file, run), 'latin1'),
  )
  const { trial } = JSON.parse(rerank!).winner
  const model = readFileSync(join(folder, 'trellis-store/trials', trial, 'model.onnx'), 'latin1')
  return [leaderboard, rerank, model]
}

const failedResults = (folder: string) => {
  const trials = join(folder, 'trellis-store/trials')
  return readdirSync(trials)
    .map((trial) => join(trials, trial, 'result.json'))
    .filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes('"failed"'))
}

/** The tiny search on files of one's own. */
function ownData(folder: string): string {
  for (const split of ['train', 'val'])
    for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
      writePng(join(folder, 'data/images', split, `${name}.png`), [32, 64], 3, 60 * i)
      writePng(join(folder, 'data/annotations', split, `${name}.png`), [32, 64], 1, i % 2)
    }
  const dataset = 'dataset: { kind: folders, path: data, classes: 2 }'
  return writeConfig(folder, TINY.replace(/dataset: .*/, dataset))
}

/** A folder with a run `a` that nothing has disturbed. */
let whole: string
beforeAll(async () => {
  whole = emptyFolder(afterAll)
  expect(await trellis(whole, 'search', ownData(whole), '--run', 'a')).toMatchObject({ status: 0 })
})

/** Begins the same search, and does something to it as soon as a condition holds. */
async function disturbed(
  when: (folder: string) => boolean,
  disturb: (folder: string) => void,
): Promise<{ readonly folder: string; readonly ended: Ended }> {
  const folder = emptyFolder()
  const { child, ended } = startTrellis(folder, ['search', ownData(folder), '--run', 'a'])
  while (!when(folder) && child.exitCode === null) await setTimeout(1)
  disturb(folder)
  return { folder, ended: await ended }
}

/** Once what was wrong is mended, the run ends as the one that nothing has disturbed. */
async function mended(folder: string): Promise<void> {
  expect(failedResults(folder)).toEqual([])
  const resumed = await trellis(folder, 'resume', 'a')
  expect(resumed).toMatchObject({ status: 0 })
  expect(found(folder)).toEqual(found(whole))
}

describe('a run stops with the true cause, blames no trial, and is resumed to the same end, where', () => {
  test('its dataset is away while the best are trained', async () => {
    const { folder, ended } = await disturbed(
      (folder) => existsSync(inRun(folder, 'rerank/candidates.json')),
      (folder) => renameSync(join(folder, 'data'), join(folder, 'away')),
    )
    expect(ended.status).not.toBe(0)
    expect(ended.stderr).toMatch(/data.*(missing|does not exist|not .* any more)/)
    renameSync(join(folder, 'away'), join(folder, 'data'))
    await mended(folder)
  })

  test('specs of its trials are gone', async () => {
    const { folder, ended } = await disturbed(
      (folder) => existsSync(inRun(folder, 'rounds/0001.json')),
      (folder) => {
        for (const trial of readdirSync(join(folder, 'trellis-store/trials')))
          rmSync(join(folder, 'trellis-store/trials', trial, 'spec.json'))
      },
    )
    expect(ended.status).not.toBe(0)
    expect(ended.stderr).toMatch(/spec\.json does not exist/)
    await mended(folder)
  })

  const mounts = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
  test.skipIf(!mounts)('its store is full (skipped where no file system can be mounted)', async () => {
    const folder = emptyFolder()
    const config = ownData(folder)
    const store = join(folder, 'trellis-store')
    mkdirSync(store)
    cpSync(join(whole, 'trellis-store/features'), join(folder, 'kept'), { recursive: true })
    // What is mounted is seen inside alone, and copied out when the run has stopped.
    const script = `mount -t tmpfs -o size=400k tmpfs trellis-store && '${process.execPath}' '${bundle}' search '${config}' --run a; status=$?; cp -r trellis-store out; exit $status`
    const { status, stderr } = spawnSync('unshare', ['-Urm', 'sh', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(stderr).toContain('ENOSPC')
    expect(status).not.toBe(0)
    cpSync(join(folder, 'out'), store, { recursive: true })
    await mended(folder)
  })
})

test('five searches at once in one store end as each alone, and nothing is anybody’s death', async () => {
  const folder = emptyFolder()
  const config = ownData(folder)
  const runs = ['a', 'b', 'c', 'd', 'e']
  const ended = await Promise.all(runs.map((run) => trellis(folder, 'search', config, '--run', run)))
  expect(ended.map(({ status }) => status)).toEqual(runs.map(() => 0))
  expect(failedResults(folder)).toEqual([])
  for (const run of runs) expect(found(folder, run)).toEqual(found(whole))
})

test('three runs that were killed do not count against the fourth', async () => {
  const folder = emptyFolder()
  const config = ownData(folder)
  for (const run of ['a', 'b', 'c']) {
    const { child, ended } = startTrellis(folder, ['search', config, '--run', run])
    while (!existsSync(inRun(folder, 'starts', run)) && child.exitCode === null) await setTimeout(1)
    child.kill('SIGKILL')
    await ended
  }
  expect(await trellis(folder, 'search', config, '--run', 'fourth')).toMatchObject({ status: 0 })
  expect(found(folder, 'fourth')).toEqual(found(whole))
})
