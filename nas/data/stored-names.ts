import type { ObjectReader } from '../store/store.ts'

/** A path in the forms that it has in Unicode: letters with accents have two, and file systems differ in which they keep. */
export const formsOf = (path: string): readonly string[] => [
  ...new Set([path, path.normalize('NFC'), path.normalize('NFD')]),
]

/** Keys of a dataset's configuration that name folders and files of it. */
const PATHS: ReadonlySet<string> = new Set(['train', 'validation', 'test', 'labels', 'classes'])

/** A dataset's configuration with the names of folders and files in the form in which these are stored. */
export async function withStoredNames<C extends object>(config: C, reader: ObjectReader): Promise<C> {
  const entries = Object.entries(config).map(async ([key, value]) => [
    key,
    PATHS.has(key) ? await storedIn(value, reader) : value,
  ])
  return Object.fromEntries(await Promise.all(entries))
}

async function storedIn(value: unknown, reader: ObjectReader): Promise<unknown> {
  if (typeof value === 'string') return stored(value, reader)
  // Names of classes are no files.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(async ([key, path]) => [key, await storedIn(path, reader)])
  return Object.fromEntries(await Promise.all(entries))
}

/** As it is where nothing has that name in any form. */
async function stored(path: string, reader: ObjectReader): Promise<string> {
  const forms = formsOf(path)
  if (forms.length === 1) return path
  for (const form of forms)
    for await (const key of reader.list(form)) if (key === form || key.startsWith(`${form}/`)) return form
  return path
}
