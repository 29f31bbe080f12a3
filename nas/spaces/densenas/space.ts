import type { Operation } from './genotype.ts'

/** Blocks of one resolution (section 3.1.3). */
export interface Stage {
  /** Input pixels a feature pixel. */
  readonly stride: number
  /** Of its blocks: numbers of channels, increasing. */
  readonly widths: readonly number[]
  /** Stacking layers of each of its blocks. */
  readonly layers: number
}

/**
 * A densely connected search space (section 3.1). Its first block is fixed: MBConv 3x3 without expansion, after a 3x3
 * convolution of stride 2, both of the first width.
 */
export interface DenseNasSpace {
  /** Candidates of a head layer; a stacking layer can be skipped, too. */
  readonly operations: readonly Operation[]
  readonly stages: readonly Stage[]
  /** m: how many blocks further a connection reaches. */
  readonly reach: number
  /** Width of the 1x1 convolution before the classifier. */
  readonly last: number
}

export interface Block {
  readonly width: number
  readonly stride: number
  readonly layers: number
  /** Indices of the blocks that it reads, nearest first: there is a head layer for each of them. */
  readonly inputs: readonly number[]
  /** Indices of the blocks that read it, nearest first. */
  readonly outputs: readonly number[]
}

/**
 * All blocks in the order of their widths. The last of them stands for the last convolution, which is read as a block
 * of a stage of its own.
 *
 * Blocks i < j are connected where j - i <= m, and their resolutions are equal or differ by a factor of two (section
 * 3.1.3); the released code also asks that their stages are neighbours, which the paper's stages imply.
 */
export function blocksOf({ stages, reach, last }: DenseNasSpace): readonly Block[] {
  const end: Stage = { stride: stages.at(-1)!.stride, widths: [last], layers: 0 }
  const blocks = [...stages, end].flatMap(({ stride, widths, layers }, stage) =>
    widths.map((width) => ({ stage, stride, width, layers })),
  )
  const connected = (i: number, j: number) => {
    const [from, to] = [blocks[i]!, blocks[j]!]
    const ratio = to.stride / from.stride
    return j > i && j - i <= reach && to.stage - from.stage <= 1 && (ratio === 1 || ratio === 2)
  }
  const indices = [...blocks.keys()]
  return blocks.map(({ width, stride, layers }, i) => ({
    width,
    stride,
    layers,
    inputs: indices.filter((j) => connected(j, i)).reverse(),
    outputs: indices.filter((j) => connected(i, j)),
  }))
}

export interface SpaceSize {
  readonly connections: bigint
  /** From the first block to the last convolution. */
  readonly paths: bigint
  /** Paths with an operation for every layer on them. Several may encode one network, which is the same whichever layer is skipped. */
  readonly encodings: bigint
}

/** Exact, by dynamic programming from the end. */
export function spaceSize(space: DenseNasSpace): SpaceSize {
  const blocks = blocksOf(space)
  const heads = BigInt(space.operations.length)
  const stacked = heads + 1n
  const end = blocks.length - 1
  const beyond = (encodingsOf: (block: number) => bigint): bigint => {
    const counts: bigint[] = []
    counts[end] = 1n
    for (let i = end - 1; i >= 0; i--)
      counts[i] = blocks[i]!.outputs.reduce((sum, j) => sum + encodingsOf(j) * counts[j]!, 0n)
    return counts[0]!
  }
  return {
    connections: BigInt(blocks.reduce((sum, { outputs }) => sum + outputs.length, 0)),
    paths: beyond(() => 1n),
    encodings: beyond((j) => (j === end ? 1n : heads * stacked ** BigInt(blocks[j]!.layers))),
  }
}
