import { posix } from 'node:path'

/**
 * A path as the key of a folder or file below another: `./a/`, `../data/a` of data, and an absolute path are all `a`, and `.` is the
 * folder itself. What lies outside begins with `..`.
 */
export function keyBelow(folder: string, path: string): string {
  const isWhole = path.startsWith('/') || path.includes('://')
  return posix.relative(folder, isWhole ? path : posix.join(folder, path)) || '.'
}

/** What the keys of all files in a folder begin with. */
export const prefixOf = (folder: string): string => (folder === '.' ? '' : `${folder}/`)
