import { classifier, convBn, type Network } from '../../nets/layers.ts'
import type { Features, Part } from '../../training/parts/part.ts'
import { SKIP } from './genotype.ts'
import type { Task } from './operation-graphs.ts'
import { LAYERS } from './operations.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

/**
 * A layer: reads the features before it, and adds to those after it what its candidates make of them. Its place is that of
 * its parameters in `PerOperation`.
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

/** A supernet in parts, in an order in which they can run. Features are the sums of all that is added to them (Eq. 2 and 4). */
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
  const { batch, image, classes } = task
  const blocks = blocksOf(space)
  const end = blocks.length - 1
  /** What goes into a layer of a block, or comes out of the last. */
  const features = (block: number, layer: number): Features => {
    const { width, stride } = blocks[block]!
    return { name: `features${block}.${layer}`, shape: [batch, width, image / stride, image / stride] }
  }
  const candidates = (scope: string, from: number, to: number): Part[] => {
    const options = { channels: blocks[to]!.width, stride: blocks[to]!.stride / blocks[from]!.stride }
    return space.operations.map((operation) => ({
      scope: `${scope}/${operation}`,
      build: (context, x) => LAYERS[operation](context, x, options),
    }))
  }

  const layers = blocks.flatMap((block, i): Layer[] => [
    ...block.inputs.map((from, index): Layer => {
      const scope = `block${i}/head${index}`
      return {
        kind: 'head',
        block: i,
        index,
        connection: { block: from, output: blocks[from]!.outputs.indexOf(i) },
        from: features(from, blocks[from]!.layers),
        to: features(i, 0),
        candidates: i === end ? [lastConvolution(scope, space.last)] : candidates(scope, from, i),
      }
    }),
    ...Array.from({ length: block.layers }, (_, index): Layer => {
      const scope = `block${i}/stack${index}`
      return {
        kind: 'stack',
        block: i,
        index,
        connection: null,
        from: features(i, index),
        to: features(i, index + 1),
        candidates: [...candidates(scope, i, i), { scope: `${scope}/${SKIP}`, build: (_, x) => x }],
      }
    }),
  ])
  return {
    stem: { scope: 'stem', to: features(0, 0), build: stem(blocks[0]!.width) },
    layers,
    classifier: {
      scope: 'classifier',
      from: features(end, 0),
      build: (context, x) => classifier(context, x, classes),
    },
    task,
  }
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
