import { OTHER_IMAGE, READABLE } from './image-format.ts'

/** The formats that are read, in words. */
export const FORMATS = READABLE.join(', ')

/** How many images there are of formats that are not read, by suffix; undefined where there are none. */
export function unreadImages(keys: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  const unread = keys.filter((key) => OTHER_IMAGE.test(key))
  for (const key of unread) {
    const suffix = key.slice(key.lastIndexOf('.')).toLowerCase()
    counts.set(suffix, (counts.get(suffix) ?? 0) + 1)
  }
  if (counts.size === 0) return undefined
  return [...counts].map(([suffix, count]) => `${count} ${suffix}`).join(', ')
}

/** What to say of them. */
export function leftOut(keys: readonly string[], location: string): string[] {
  const unread = unreadImages(keys)
  if (unread === undefined) return []
  return [
    `images in ${location} are left out, as their format is not read: ${unread}; convert them to one of ${FORMATS}`,
  ]
}
