import { existsSync, readFileSync } from 'node:fs'
import { TrellisError } from '../../../nas/errors.ts'
import { contentHash } from '../../../nas/hash.ts'
import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import { latencyKeys } from '../../../nas/pipelines/densenas/keys.ts'
import { getLatencies, type LatencyTable } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasFacts, DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { readLatencyTable } from '../../../nas/spaces/densenas/latency-table.ts'
import { jsonBytes } from '../../../nas/store/json.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import type { PreparedInputs } from '../pipeline.ts'

/**
 * Checks the table of latencies that a configuration names, in the released format, and puts it where a measured one
 * would be.
 * @throws TrellisError `invalid-config` for a file that cannot be read, or was measured for another space
 */
export async function prepareLatencyTable(
  config: DenseNasConfig,
): Promise<PreparedInputs<DenseNasConfig, DenseNasFacts>> {
  const { table: file, batch } = config.search.cost
  if (file === undefined) return { facts: {}, put: async () => {} }
  const table: LatencyTable = {
    ...readLatencyTable(file, readJson(file), spaceOf(config)),
    device: file,
    batch,
    unit: 'ms',
  }
  const key = contentHash(table)
  return {
    facts: { latencyTable: key },
    put: async (store) => store.put(latencyKeys(key).table, jsonBytes(table)),
  }
}

/** Whether a user's table is where a measured one would be. */
export const hasLatencyTable = async (
  store: ObjectStore,
  { config, latencyTable }: DenseNasRun,
): Promise<boolean> =>
  config.search.cost.table === undefined || (await getLatencies(store, latencyTable!)) !== undefined

function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new TrellisError('invalid-config', `search.cost.table: there is no file ${file}`, {
      fix: 'correct the path, or leave it out to have latencies measured',
    })
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new TrellisError('invalid-config', `search.cost.table: ${file} is no JSON`, {
      fix: 'give a table in the format of the released code',
      cause,
    })
  }
}
