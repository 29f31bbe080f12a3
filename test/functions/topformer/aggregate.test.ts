import { expect, it } from 'vitest'
import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { recordOf } from '../../../local/simulator/scenario.ts'
import { topformerKeys } from '../../../nas/pipelines/topformer/keys.ts'
import { random } from '../../../nas/random.ts'
import { start } from '../machine.ts'
import { memoryStore } from '../memory-store.ts'
import { executeSearch } from '../whole-run.ts'

it('decides that a search goes on once its front is written, and never before', async () => {
  const record = recordOf({ ...simulatedPipelines.of('topformer').settings(random(1, 'resumed')), seed: 1 })
  const keys = topformerKeys(record.run)
  const store = memoryStore()
  await start(store, record)
  const put = (key: string, bytes: Uint8Array) =>
    key === keys.front ? Promise.reject(new Error('503 Slow Down')) : store.put(key, bytes)
  await expect(executeSearch({ ...store, put }, record)).rejects.toThrow('503 Slow Down')
  expect([...store.objects.keys()]).toContain(keys.results(0))
  expect([...store.objects.keys()]).not.toContain(keys.stopDecision(0))
})
