import { GraphBuilder } from '../../nas/graph/builder.ts'
import { cost } from '../../nas/graph/cost.ts'
import type { DenseNasGenotype, Operation } from '../../nas/spaces/densenas/genotype.ts'
import { denseNas } from '../../nas/spaces/densenas/network.ts'

/** A piece of a network, from one width to the next. */
export interface Part {
  readonly name: string
  readonly operations: readonly Operation[]
  readonly width: number
  readonly stride: number
  /** Of its output, in pixels. */
  readonly side: number
  readonly parameters: number
  readonly multiplyAdds: number
}

/** Stem, blocks, last convolution and classifier of a network, for one image of this side. */
export function partsOf(
  genotype: DenseNasGenotype,
  { image, classes }: { readonly image: number; readonly classes: number },
): readonly Part[] {
  const graph = new GraphBuilder()
  const input = graph.input('image', { dtype: 'float32', shape: [1, 3, image, image] })
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-3 } } as const
  const built = graph.build({ logits: denseNas(context, input, genotype, { classes }) })

  let side = image
  const part = (
    name: string,
    scope: string,
    { width, stride = 1, operations = [] }: Partial<Part> & Pick<Part, 'width'>,
  ): Part => {
    side = Math.ceil(side / stride)
    const { parameters, multiplyAdds } = cost(built, scope)
    return { name, operations, width, stride, side, parameters, multiplyAdds }
  }
  const { stem, blocks, last } = genotype
  const stages = [
    part('3×3 convolution', 'backbone/stem', { width: stem, stride: 2 }),
    ...blocks.map(({ width, stride, head, stack }, i) =>
      part(`Block ${i + 1}`, `backbone/block${i}`, { width, stride, operations: [head, ...stack] }),
    ),
    ...(last === null ? [] : [part('1×1 convolution', 'backbone/last', { width: last })]),
  ]
  return [...stages, { ...part('Classifier', 'classifier', { width: classes }), side: 1 }]
}
