import { z } from 'zod'

/**
 * Part of every content address. Raise it when a change of the code changes results, so that old ones are not taken
 * for new ones.
 */
export const CONTRACT = 1

/** A content address: see `contentHash`. */
export const hashSchema = z.string().regex(/^[0-9a-f]{32}$/, 'not a content hash')
