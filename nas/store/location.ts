import { text } from '../bounds.ts'

/** `s3:/x` is a slip of the pen, and no folder. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\//i

const isLocation = (location: string): boolean => location.startsWith('s3://') || !SCHEME.test(location)

export const NO_LOCATION = 'only folders and s3:// addresses can be opened'

/** Where a store, a dataset or a file is: a path, or an `s3://` address. */
export const locationSchema = text.refine(isLocation, NO_LOCATION)
