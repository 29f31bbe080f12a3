import type { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { elementsOf } from './json-elements.ts'

/**
 * The elements of an array in a JSON file, of which what the schema names is kept: see `elementsOf`.
 * @throws TrellisError `invalid-dataset` for the first that is not as the schema says
 */
export function* parsedElements<T>(
  bytes: Uint8Array,
  where: string,
  schema: z.ZodType<T>,
  member?: string,
): Generator<T> {
  let i = 0
  for (const element of elementsOf(bytes, where, member)) {
    const parsed = schema.safeParse(element)
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!
      const at = [`${member ?? ''}[${i}]`, ...path].join('.')
      throw new TrellisError('invalid-dataset', `${where}: ${at}: ${message}`, {
        fix: 'correct the file, or check `kind` of the dataset',
      })
    }
    yield parsed.data
    i++
  }
}
