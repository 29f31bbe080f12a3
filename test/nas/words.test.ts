import { expect, test } from 'vitest'
import { z } from 'zod'
import { WORDS } from '../../nas/words.ts'

const schema = z.strictObject({
  steps: z.int().min(1).max(1_000_000),
  rate: z.number().min(0).optional(),
  name: z.string().min(2).max(5).optional(),
  kind: z.enum(['a', 'b']).optional(),
  stride: z.literal([8, 16]).optional(),
  crop: z.tuple([z.int(), z.int()]).optional(),
  seeds: z.array(z.int()).min(1).max(3).optional(),
  classes: z.union([z.array(z.string()), z.int().min(1).max(255), z.string()]).optional(),
  odd: z
    .int()
    .refine((n) => n % 2 === 1, 'an even number has no middle')
    .optional(),
})

test.each([
  [{}, 'steps: is missing'],
  [{ steps: 'ten' }, 'steps: must be a whole number from 1 to 1,000,000, not "ten"'],
  [{ steps: 0 }, 'steps: must be a whole number from 1 to 1,000,000, not 0'],
  [{ steps: 1e9 }, 'steps: must be a whole number from 1 to 1,000,000, not 1000000000'],
  [{ steps: 1.5 }, 'steps: must be a whole number from 1 to 1,000,000, not 1.5'],
  [{ steps: 1, rate: Number.NaN }, 'rate: must be a number from 0 on, not NaN'],
  [{ steps: 1, name: 'a' }, 'name: must have at least 2 characters'],
  [{ steps: 1, name: 'abcdef' }, 'name: must have at most 5 characters'],
  [{ steps: 1, name: true }, 'name: must be text, not true'],
  [{ steps: 1, kind: 'c' }, 'kind: must be one of a, b, not "c"'],
  [{ steps: 1, stride: 4 }, 'stride: must be one of 8, 16, not 4'],
  [{ steps: 1, crop: [1] }, 'crop: must be a list of a whole number and a whole number, not a list of 1'],
  [{ steps: 1, seeds: [] }, 'seeds: must have at least 1 entry'],
  [{ steps: 1, seeds: [1, 2, 3, 4] }, 'seeds: must have at most 3 entries'],
  [{ steps: 1, classes: true }, 'classes: must be a list or a whole number from 1 to 255 or text, not true'],
  [{ steps: 1, odd: 2 }, 'odd: an even number has no middle'],
  [{ steps: 1, other: 2 }, ': unknown key other'],
])('%j', (raw, said) => {
  const { path, message } = schema.safeParse(raw, WORDS).error!.issues[0]!
  expect(`${path.join('.')}: ${message}`).toBe(said)
})
