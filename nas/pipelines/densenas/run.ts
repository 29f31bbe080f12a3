import type { z } from 'zod'
import { hashSchema } from '../../runs/contract.ts'
import type { RunRecord } from '../../runs/record.ts'
import type { DenseNasConfig } from './config.ts'

/** What the start of a run finds out beside its dataset. */
export const facts = {
  latencyTable: hashSchema.optional().describe('hash of the file that config.search.cost.table names'),
}

export type DenseNasFacts = { readonly [K in keyof typeof facts]?: z.infer<(typeof facts)[K]> }
export type DenseNasRun = RunRecord<DenseNasConfig, DenseNasFacts>
