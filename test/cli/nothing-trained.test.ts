import { expect, test } from 'vitest'
import { pipelineOf } from '../../cli/pipelines/index.ts'
import { checkSearched } from '../../cli/rerank.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import type { RunRecord } from '../../nas/runs/record.ts'
import { folderStore } from '../../nas/store/folder.ts'
import { jsonBytes } from '../../nas/store/json.ts'
import { emptyFolder } from './trellis.ts'

const failed = {
  run: 'a',
  status: 'failed',
  error: 'diverged at step 1',
  stopped: null,
  spent: { attempts: 1, failed: 1, interrupted: 0, gpuHours: 0, usd: 0 },
  hours: 0,
}

test.each(contracts.all().map(([name]) => name))(
  'a run of %s that has failed says why where a network of it is asked for, and not that resuming gives one',
  async (pipeline) => {
    const store = folderStore(emptyFolder())
    const config = { pipeline } as RunConfig
    const { compared, trained } = pipelineOf(config)
    const asked = [() => compared(store, { run: 'a', config } as RunRecord), () => trained(store, 'a')]
    for (const ask of asked)
      await expect(ask()).rejects.toMatchObject({
        message: 'run a has trained no network in full yet',
        fix: 'go on with it: trellis resume a',
      })
    await store.put('runs/a/summary.json', jsonBytes(failed))
    for (const ask of [...asked, () => checkSearched(store, 'a')])
      await expect(ask()).rejects.toMatchObject({
        code: 'not-found',
        message: 'run a has failed: diverged at step 1',
        fix: expect.stringContaining('where its settings are the cause, start a new one'),
      })
  },
)
