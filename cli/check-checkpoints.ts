import { TrellisError } from '../nas/errors.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import { decodeSafetensors } from '../nas/store/safetensors.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { pipelineOf } from './pipelines/index.ts'

/**
 * Checks the checkpoints that a resumed run reads. A job could only record its trial as failed, and the run would end
 * otherwise than an unbroken one.
 * @throws TrellisError `invalid-checkpoint` for the first that is damaged
 */
export async function checkCheckpoints(store: ObjectStore, record: RunRecord): Promise<void> {
  for (const key of await pipelineOf(record.config).checkpoints(store, record)) {
    const bytes = await store.get(key)
    if (bytes !== undefined) check(bytes, `${store.location}/${key}`)
  }
}

function check(bytes: Uint8Array, name: string): void {
  try {
    decodeSafetensors(bytes, name)
  } catch (cause) {
    if (!(cause instanceof TrellisError)) throw cause
    throw new TrellisError(cause.code, cause.message, {
      fix: 'delete that file, and its training begins anew',
      cause,
    })
  }
}
