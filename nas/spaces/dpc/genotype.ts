import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'

/** r_h and r_w of an atrous separable 3x3 convolution (section 3.1). */
export const RATES = [1, 3, 6, 9, 12, 15, 18, 21] as const
/** g_h and g_w of average spatial pyramid pooling (section 3.1). */
export const GRIDS = [1, 2, 4, 8] as const
/** The `input` of a branch that reads the backbone's features F. */
export const FEATURES = -1

const sideOf = <const T extends number>(what: string, values: readonly T[]) =>
  z.literal(values, {
    error: ({ input }) => `${JSON.stringify(input)} is not one of the ${what} ${values.join(', ')}`,
  })

const rate = sideOf('rates', RATES)
const grid = sideOf('grid sizes', GRIDS)

const operationSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('conv1x1') }).readonly(),
    z.strictObject({ kind: z.literal('atrous'), rate: z.tuple([rate, rate]).readonly() }).readonly(),
    z.strictObject({ kind: z.literal('pyramid-pooling'), grid: z.tuple([grid, grid]).readonly() }).readonly(),
  ],
  { error: unknownOperation('kind', ['conv1x1', 'atrous', 'pyramid-pooling']) },
)

const branchSchema = z.strictObject({ input: z.int(), operation: operationSchema }).readonly()

/** The published cells have five. */
const MOST_BRANCHES = 100

/** A Dense Prediction Cell (arXiv 1809.04184, section 3.1): branch i is the tuple (X_i, OP_i, Y_i), Y_i being implied. */
export const dpcGenotypeSchema = z
  .strictObject({
    space: z.literal('dpc'),
    version: z.literal(1),
    branches: z
      .array(branchSchema)
      .min(1)
      .max(MOST_BRANCHES)
      .superRefine((branches, context) => {
        for (const [i, { input }] of branches.entries()) {
          if (FEATURES <= input && input < i) continue
          const why =
            input < FEATURES ? 'does not exist' : input === i ? 'is the branch itself' : 'comes later'
          context.addIssue({
            code: 'custom',
            path: [i, 'input'],
            message: `reads branch ${input}, which ${why}`,
          })
        }
      })
      .readonly(),
  })
  .readonly()

/** Height before width in `rate` and `grid`; `input` is {@link FEATURES} or the index (from 0) of an earlier branch. */
export type DpcGenotype = z.infer<typeof dpcGenotypeSchema>
export type DpcBranch = DpcGenotype['branches'][number]
export type DpcOperation = DpcBranch['operation']

/** @throws TrellisError `invalid-genotype` naming the first offending branch. */
export const parseDpcGenotype = (value: unknown): DpcGenotype => parseCell(dpcGenotypeSchema, value)

/** Parses any notation of a cell; an error says in which branch, counted from 0. */
export function parseCell<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, WORDS)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const index = path.findIndex((step) => typeof step === 'number')
  const branch = index < 0 ? [] : [`branch ${String(path[index])}`]
  const field = path.slice(index + 1).join('.')
  const where = ['dense prediction cell', ...branch, ...(field === '' ? [] : [field])].join(', ')
  throw new TrellisError('invalid-genotype', `${where}: ${message}`, {
    fix: 'let each branch read the features (-1) or an earlier branch, through an operation of the space',
    cause: parsed.error,
  })
}

/** The message of a union over operations that knows no such one. */
export function unknownOperation(discriminator: string, known: readonly string[]) {
  return ({ code, input }: { readonly code?: string; readonly input?: unknown }) =>
    code === 'invalid_union'
      ? `unknown operation ${JSON.stringify((input as Record<string, unknown>)[discriminator])}, not one of ${known.join(', ')}`
      : undefined
}
