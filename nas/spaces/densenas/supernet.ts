import { classifier, convBn, type Network } from '../../nets/layers.ts'
import type { Features, Part } from '../../training/parts/part.ts'
import { SKIP } from './genotype.ts'
import type { Task } from './operation-graphs.ts'
import { LAYERS } from './operations.ts'
import { type Block, blocksOf, type DenseNasSpace } from './space.ts'

/**
 * A layer: its candidates read the features before it and add to those after it. Its place is that of its parameters in
 * `PerOperation`.
 */
export interface Layer {
  readonly kind: 'head' | 'stack'
  readonly block: number
  /** Which input of the block a head layer reads, or which stacking layer of the block this is. */
  readonly index: number
  /** Of a head layer: the connection that it is on, by the block before it and which output of that it is. */
  readonly connection: { readonly block: number; readonly output: number } | null
  readonly from: Features
  readonly to: Features
  readonly candidates: readonly Part[]
}

/** A supernet in parts, in an order in which they can run. Features are sums over operations (Eq. 2 and 4). */
export interface Supernet {
  /** From the image [N,3,H,W]. */
  readonly stem: Part & { readonly to: Features }
  readonly layers: readonly Layer[]
  /** To logits [N,classes]. */
  readonly classifier: Part & { readonly from: Features }
  readonly task: Task
}

/** The parts that all architectures of a space are made of (sections 3.1 and 3.2). */
export function supernet(space: DenseNasSpace, task: Task): Supernet {
  const blocks = blocksOf(space)
  const features = featuresOf(blocks, task)
  return {
    stem: { scope: 'stem', to: features(0, 0), build: stem(blocks[0]!.width) },
    layers: blocks.flatMap((_, block) => layersOf(space, blocks, block, features)),
    classifier: {
      scope: 'classifier',
      from: features(blocks.length - 1, 0),
      build: (context, x) => classifier(context, x, task.classes),
    },
    task,
  }
}

type FeaturesOf = (block: number, layer: number) => Features

/** The input of a layer of a block, or the output of its last layer. */
const featuresOf =
  (blocks: readonly Block[], { batch, image }: Task): FeaturesOf =>
  (block, layer) => {
    const { width, stride } = blocks[block]!
    return { name: `features${block}.${layer}`, shape: [batch, width, image / stride, image / stride] }
  }

/** The head layers of a block, by its inputs, then its stacking layers. */
function layersOf(space: DenseNasSpace, blocks: readonly Block[], i: number, features: FeaturesOf): Layer[] {
  const { inputs, layers, width, stride } = blocks[i]!
  const candidates = (scope: string, from: number): Part[] =>
    space.operations.map((operation) => ({
      scope: `${scope}/${operation}`,
      build: (context, x) =>
        LAYERS[operation](context, x, { channels: width, stride: stride / blocks[from]!.stride }),
    }))
  const isLast = i === blocks.length - 1
  const heads = inputs.map((from, index): Layer => {
    const scope = `block${i}/head${index}`
    return {
      kind: 'head',
      block: i,
      index,
      connection: { block: from, output: blocks[from]!.outputs.indexOf(i) },
      from: features(from, blocks[from]!.layers),
      to: features(i, 0),
      candidates: isLast ? [lastConvolution(scope, space.last)] : candidates(scope, from),
    }
  })
  const stacked = Array.from({ length: layers }, (_, index): Layer => {
    const scope = `block${i}/stack${index}`
    return {
      kind: 'stack',
      block: i,
      index,
      connection: null,
      from: features(i, index),
      to: features(i, index + 1),
      candidates: [...candidates(scope, i), { scope: `${scope}/${SKIP}`, build: (_, x) => x }],
    }
  })
  return [...heads, ...stacked]
}

/** The fixed layers: a 3x3 convolution of stride 2, and the first block. */
const stem =
  (channels: number): Network =>
  (context, image) => {
    const x = convBn(context, 'convolution', image, { channels, kernel: 3, stride: 2, activation: 'relu6' })
    return context.graph.within('block', () => LAYERS.mbconv_k3_t1(context, x, { channels, stride: 1 }))
  }

const lastConvolution = (scope: string, channels: number): Part => ({
  scope: `${scope}/conv1_1`,
  build: (context, x) => convBn(context, 'convolution', x, { channels, activation: 'relu6' }),
})
