import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import { type FoldersConfig, LONGEST_NAME, MOST_CLASSES } from './config.ts'
import { readLines } from './layout.ts'

/**
 * The names of classes, in the order of their labels.
 * @throws TrellisError `invalid-dataset` for a text file that is missing, or names none, too many, one twice or a very long one
 */
export async function readClassNames(
  classes: FoldersConfig['classes'],
  reader: ObjectReader,
): Promise<readonly string[]> {
  if (typeof classes === 'number') return Array.from({ length: classes }, (_, label) => `class ${label}`)
  if (typeof classes !== 'string') return classes
  const names = await readLines(reader, classes, 'classes')
  const flaw = flawOf(names)
  if (flaw === undefined) return names
  throw new TrellisError('invalid-dataset', `${reader.location}/${classes} ${flaw}`, {
    fix: `write 2 to ${MOST_CLASSES} names into it, one a line, each once, in the order of the mask values`,
  })
}

function flawOf(names: readonly string[]): string | undefined {
  if (names.length === 0 || names.length > MOST_CLASSES) return `names ${names.length} classes`
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) return `names "${twice}" twice`
  const long = names.find((name) => name.length > LONGEST_NAME)
  return long && `has a line of ${long.length} characters, which is no name`
}
