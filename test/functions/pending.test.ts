import { beforeEach, describe, expect, it } from 'vitest'
import { pendingTrials } from '../../functions/pending.ts'
import { runKeys, trialKeys } from '../../nas/runs/keys.ts'
import { getOutcome, putRunFailure } from '../../nas/runs/result.ts'
import { recordStart } from '../../nas/runs/starts.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'

const [done, killed, fresh] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string]
const conclusion = 'runs/r/comparison.json'
const bytes = new Uint8Array(1)
const pending = (of: string | undefined) => pendingTrials(store, 'r', [done, killed, fresh], of)

let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  await store.put(trialKeys(done).result, bytes)
  await putRunFailure(store, 'r', killed, 'killed its job 3 times')
  await recordStart(store, { run: 'r', trial: killed, jobId: 'j', attempt: 1 }, { step: 0 })
})

describe('a trial that has failed in its run alone', () => {
  it('is tried again with all its attempts by a run that is resumed before it has concluded', async () => {
    expect(await pending(conclusion)).toEqual([killed, fresh])
    expect(await getOutcome(store, 'r', killed)).toBeUndefined()
    const again = { run: 'r', trial: killed, jobId: 'j', attempt: 2 }
    expect(await recordStart(store, again, { step: 0 })).toEqual([])
  })

  it('stays so once the run has concluded, while what has been lost since is run again', async () => {
    await store.put(conclusion, bytes)
    expect(await pending(conclusion)).toEqual([fresh])
    expect(await getOutcome(store, 'r', killed)).toMatchObject({ status: 'failed' })
  })

  it('is run again where what tells of it is damaged, in a run that has concluded, too', async () => {
    await store.put(conclusion, bytes)
    await store.put(runKeys('r').failure(killed), bytes)
    expect(await pending(conclusion)).toEqual([killed, fresh])
    expect(await store.get(runKeys('r').failure(killed))).toBeUndefined()
  })

  it('is not forgotten where trials have only just been chosen', async () => {
    expect(await pending(undefined)).toEqual([killed, fresh])
    expect(await getOutcome(store, 'r', killed)).toMatchObject({ status: 'failed' })
  })
})
