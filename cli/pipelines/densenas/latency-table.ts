import { TrellisError } from '../../../nas/errors.ts'
import { contentHash } from '../../../nas/hash.ts'
import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import { getLatencies, type LatencyTable } from '../../../nas/pipelines/densenas/latency.ts'
import type { DenseNasFacts, DenseNasRun } from '../../../nas/pipelines/densenas/run.ts'
import { latencyKeys } from '../../../nas/runs/latencies.ts'
import { readLatencyTable } from '../../../nas/spaces/densenas/latency-table.ts'
import { type InputKind, MEGABYTE, readInputText } from '../../../nas/store/input-file.ts'
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

const TABLE: InputKind = {
  what: 'table of latencies',
  limit: 16 * MEGABYTE,
  code: 'invalid-config',
  fix: 'correct search.cost.table, or leave it out to have latencies measured',
}

function readJson(file: string): unknown {
  const text = readInputText(file, TABLE)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TrellisError('invalid-config', `search.cost.table: ${file} is no JSON`, {
      fix: 'give a table in the format of the released code',
      cause,
    })
  }
}
