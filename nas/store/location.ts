import { text } from '../bounds.ts'

/** `s3:/x` and `file:x` are slips of the pen, and no folders. */
const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/|(s3|file):)/i

/** Where a store, a dataset or a file is: a path, or an `s3://` address. */
export const locationSchema = text.refine(
  (location) => location.startsWith('s3://') || !SCHEME.test(location),
  'only folders and s3:// addresses can be opened',
)
