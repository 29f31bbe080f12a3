import { isDeepStrictEqual } from 'node:util'
import { TrellisError } from '../nas/errors.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { lookInPlace } from './look-at.ts'
import { pipelineOf } from './pipelines/index.ts'

/**
 * Copies into the store what the start of a run had copied there, and what has been lost since.
 * @throws TrellisError `invalid-config` for a file that is not what it was
 */
export async function restoreInputs(store: ObjectStore, record: RunRecord): Promise<void> {
  const pipeline = pipelineOf(record.config)
  if (await pipeline.hasInputs(store, record)) return
  const { facts, put } = await pipeline.prepareInputs(record.config, lookInPlace)
  const recorded: Readonly<Record<string, unknown>> = { ...record }
  if (Object.entries(facts).some(([name, value]) => !isDeepStrictEqual(recorded[name], value))) {
    throw new TrellisError(
      'invalid-config',
      `a file that the configuration names is not what it was when ${record.run} started`,
      { fix: 'put the file back as it was, or start a new run with the new one' },
    )
  }
  await put(store, record)
}
