import { z } from 'zod'
import { TrellisError } from '../errors.ts'

/**
 * Part of every content address. Raise it when a change of the code changes results, so that old ones are not taken
 * for new ones.
 */
export const CONTRACT = 4

/** Of a specification. Networks of earlier contracts are still read, but a job trains by its own alone: see `runTrials`. */
export const contractSchema = z.int().positive()

/** A content address: see `contentHash`. */
export const hashSchema = z.string().regex(/^[0-9a-f]{32}$/, 'not a content hash')

/**
 * Half a run by one contract and half by another would rank what cannot be compared.
 * @throws TrellisError `unsupported` for a run that this version can show, but not go on with
 */
export function checkContract({ run, contract, code }: Contracted): void {
  if (contract === CONTRACT) return
  throw new TrellisError(
    'unsupported',
    `run ${run} is of Trellis ${code} with contract ${contract}; this version trains by contract ${CONTRACT}, with other results`,
    {
      fix: 'start a new run of its configuration; what this one has found can still be reported and exported',
    },
  )
}

interface Contracted {
  readonly run: string
  readonly contract: number
  /** Version of Trellis. */
  readonly code: string
}
