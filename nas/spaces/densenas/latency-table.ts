import { z } from 'zod'
import { TrellisError } from '../../errors.ts'
import { WORDS } from '../../words.ts'
import type { CostTable } from './expected-cost.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

const ms = z.number().nonnegative()
const layers = z.array(z.array(ms))
const schema = z.tuple([ms, z.array(z.tuple([layers, layers])), z.array(ms), ms])

/**
 * Reads a latency table of the released code, in milliseconds: [stem and first block, [[head branches, stacking layers]
 * by block], branches of the last convolution, classifier], where branches are in the order of a block's inputs.
 *
 * Stacking layers beyond those of the space are ignored: the released table has three in every block, its space none in
 * the last three blocks.
 * @param name of the table, for errors.
 * @throws TrellisError `invalid-config` naming the first block that does not fit; the fixed one is block 0.
 */
export function readLatencyTable(name: string, json: unknown, space: DenseNasSpace): CostTable {
  const parsed = schema.safeParse(json, WORDS)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw misfit(`${name}, at [${path.join('][')}]: ${message}`, parsed.error)
  }
  const [first, measured, last, classifier] = parsed.data
  const blocks = blocksOf(space)
  const end = blocks.length - 1
  requireCount(name, 'blocks', measured.length, end - 1)
  requireCount(`${name}, last convolution`, 'branches', last.length, blocks[end]!.inputs.length)
  const operations = space.operations.length
  for (const [i, [head, stack]] of measured.entries()) {
    const where = `${name}, block ${i + 1}`
    const block = blocks[i + 1]!
    requireCount(where, 'head branches', head.length, block.inputs.length)
    for (const branch of head) requireCount(where, 'operations in a head branch', branch.length, operations)
    if (stack.length < block.layers) requireCount(where, 'stacking layers', stack.length, block.layers)
    for (const layer of stack)
      requireCount(where, 'operations in a stacking layer', layer.length, operations + 1)
  }
  return {
    fixed: first + classifier,
    head: [[], ...measured.map(([head]) => head), last.map((branch) => [branch])],
    stack: [[], ...measured.map(([, stack], i) => stack.slice(0, blocks[i + 1]!.layers)), []],
  }
}

function requireCount(where: string, what: string, found: number, wanted: number): void {
  if (found !== wanted) throw misfit(`${where}: ${found} ${what}, where the space has ${wanted}`)
}

const misfit = (message: string, cause?: unknown) =>
  new TrellisError('invalid-config', message, {
    fix: 'give a latency table that was measured for this space',
    cause,
  })
