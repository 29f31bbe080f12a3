import type { Value } from '../../graph/graph.ts'
import { classifier, convBn, type LayerContext } from '../../nets/layers.ts'
import type { DenseNasGenotype } from './genotype.ts'
import { LAYERS } from './operations.ts'

/** A derived network: images [N,3,H,W] to logits [N,classes]. Only the head of a block, its first layer, has a stride. */
export function denseNas(
  context: LayerContext,
  image: Value,
  { stem, blocks, last }: DenseNasGenotype,
  { classes }: { readonly classes: number },
): Value {
  const { graph } = context
  const features = graph.within('backbone', () => {
    let x = convBn(context, 'stem', image, { channels: stem, kernel: 3, stride: 2, activation: 'relu6' })
    for (const [i, { width: channels, stride, head, stack }] of blocks.entries())
      for (const [j, operation] of [head, ...stack].entries())
        x = graph.within(`block${i}/layer${j}`, () =>
          LAYERS[operation](context, x, { channels, stride: j === 0 ? stride : 1 }),
        )
    return last === null ? x : convBn(context, 'last', x, { channels: last, activation: 'relu6' })
  })
  return classifier(context, features, classes)
}
