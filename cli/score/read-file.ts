import { constants } from 'node:buffer'
import type { z } from 'zod'
import { TrellisError } from '../../nas/errors.ts'
import { type InputKind, readInputText } from '../../nas/store/input-file.ts'
import { WORDS } from '../../nas/words.ts'

/** The longest text that a JavaScript engine holds; the annotations of COCO's training images are a little shorter. */
const LIMIT = constants.MAX_STRING_LENGTH

/**
 * The JSON in a file, whatever it holds.
 * @throws TrellisError `invalid-dataset`
 */
export function readJsonFile(path: string, what: string, fix: string): unknown {
  if (path.startsWith('s3://'))
    throw refused(`${path} is not on this computer`, `copy it first: aws s3 cp ${path} .`)
  const kind: InputKind = { what, limit: LIMIT, code: 'invalid-dataset', fix }
  const text = readInputText(path, kind)
  try {
    return JSON.parse(text)
  } catch (error) {
    const noNumber = /[[:,]\s*(-?Infinity|NaN)\b/.exec(text)?.[1]
    if (noNumber !== undefined)
      throw refused(`${path} is not valid JSON: it holds ${noNumber}`, 'write a finite number there', error)
    throw refused(`${path} is not valid JSON: ${(error as Error).message}`, fix, error)
  }
}

/**
 * A list, each entry as the schema has it. The first that is not ends it: a million that are wrong alike would take minutes to tell.
 * @param name of entry `i`, for errors
 */
export function parseEntries<T>(
  entries: readonly unknown[],
  schema: z.ZodType<T>,
  name: (i: number) => string,
  fix: string,
): readonly T[] {
  return entries.map((entry, i) => {
    const parsed = schema.safeParse(entry, WORDS)
    if (parsed.success) return parsed.data
    const { path, message } = parsed.error.issues[0]!
    throw refused(`${[name(i), ...path].join('.')} ${message}`, fix, parsed.error)
  })
}

export const refused = (message: string, fix: string, cause?: unknown): TrellisError =>
  new TrellisError('invalid-dataset', message, { fix, cause })
