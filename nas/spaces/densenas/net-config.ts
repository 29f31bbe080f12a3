import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'
import {
  type DenseNasBlock,
  type DenseNasGenotype,
  OPERATIONS,
  oneOf,
  parseDenseNasGenotype,
  SKIP,
  strideSchema,
  widthSchema,
} from './genotype.ts'

const LAST = 'conv1_1'

const FIELDS = ['channels', 'head operation', 'stacking operations', 'number of stacking layers', 'stride']

const blockSchema = z
  .tuple([
    z.tuple([widthSchema, widthSchema]),
    oneOf(OPERATIONS),
    z.array(oneOf([...OPERATIONS, SKIP])),
    z.int(),
    strideSchema,
  ])
  .superRefine(([, , { length }, layers], context) => {
    if (layers === length) return
    context.addIssue({ code: 'custom', path: [3], message: `${layers}, but ${length} are named` })
  })

const lastSchema = z.tuple([z.tuple([widthSchema, widthSchema]), z.literal(LAST)])

type BlockEntry = z.infer<typeof blockSchema>
type Entry = BlockEntry | z.infer<typeof lastSchema>

/**
 * Configurations of the paper's first version have no entry for the last convolution, whose width is the same for all of
 * them. The ResNet-like networks have none.
 */
const DEFAULT_LAST = 1728

/**
 * Reads the `net_config` text of the released code (JaminFong/DenseNAS): entries `[[in, out], head, [stack], layers,
 * stride]` in Python's notation, separated by `|`, and `[[in, out], 'conv1_1']` for the last convolution. Skipped layers
 * are dropped.
 * @throws TrellisError `invalid-genotype` naming the first offending entry, counted from 1.
 */
export function fromNetConfig(text: string): DenseNasGenotype {
  const entries = text.split('|').map((source, i) => parseEntry(source, i + 1))
  for (const [i, [[input]]] of entries.entries()) {
    const before = entries[i - 1]
    if (before?.[1] === LAST) throw invalid(i + 1, `comes after ${LAST}, which is the last layer`)
    if (before !== undefined && before[0][1] !== input)
      throw invalid(i + 1, `takes ${input} channels, but entry ${i} gives ${before[0][1]}`)
  }
  const blocks = entries.filter((entry) => entry[1] !== LAST)
  const [[stem], head] = entries[0]!
  const [[, width], end] = entries.at(-1)!
  return parseDenseNasGenotype({
    space: 'densenas',
    version: 1,
    stem,
    blocks: blocks.map(toBlock),
    last: end === LAST ? width : head.startsWith('mbconv') ? DEFAULT_LAST : null,
  })
}

function parseEntry(source: string, number: number): Entry {
  let value: unknown
  try {
    value = JSON.parse(source.replaceAll("'", '"'))
  } catch (cause) {
    throw invalid(number, `${JSON.stringify(source.trim())} is not a list`, cause)
  }
  const isLast = Array.isArray(value) && value[1] === LAST
  const parsed = (isLast ? lastSchema : blockSchema).safeParse(value, WORDS)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const what =
    path.length === 0 ? `${JSON.stringify(value)} has another form` : `${FIELDS[Number(path[0])]}: ${message}`
  throw invalid(number, what, parsed.error)
}

const toBlock = ([[, width], head, stack, , stride]: BlockEntry): DenseNasBlock => ({
  width,
  stride,
  head,
  stack: stack.filter((operation) => operation !== SKIP),
})

const invalid = (number: number, what: string, cause?: unknown) =>
  new TrellisError('invalid-genotype', `net_config, entry ${number}: ${what}`, {
    fix: "separate entries by |, each of the form [[in, out], 'mbconv_k3_t6', ['mbconv_k3_t3'], 1, 2]",
    cause,
  })

/** Writes a network in the form that {@link fromNetConfig} reads, one entry a line. */
export function toNetConfig({ stem, blocks, last }: DenseNasGenotype): string {
  const entries = blocks.map(({ width, stride, head, stack }, i) => {
    const input = blocks[i - 1]?.width ?? stem
    return `[[${input}, ${width}], '${head}', [${stack.map((op) => `'${op}'`).join(', ')}], ${stack.length}, ${stride}]`
  })
  const end = last === null ? [] : [`[[${blocks.at(-1)!.width}, ${last}], '${LAST}']`]
  return [...entries, ...end].join('|\n')
}
