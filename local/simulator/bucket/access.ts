import type { Access, Keys } from '../../../pipelines/pipeline.ts'

export type Operation = 'read' | 'write' | 'delete'

/**
 * Whether a part of Trellis may do that with a key, or list a prefix, by what its definition says. As on AWS, it also reads
 * what it writes.
 */
export function isAllowed(
  { reads, writes, deletes = [] }: Access,
  operation: Operation,
  key: string,
): boolean {
  const patterns = { read: [...reads, ...writes], write: writes, delete: deletes }[operation]
  return matches(patterns, key)
}

/** In these patterns, `*` stands for slashes too. */
const matches = (patterns: Keys, key: string): boolean =>
  patterns.some((pattern) => {
    const [start, ...others] = pattern.split('*')
    const end = others.pop()
    if (end === undefined) return key === pattern
    if (!key.startsWith(start!) || !key.endsWith(end)) return false
    let from = start!.length
    for (const part of others) {
      const at = key.indexOf(part, from)
      if (at === -1) return false
      from = at + part.length
    }
    return from <= key.length - end.length
  })
