import { GraphBuilder } from '../graph/builder.ts'
import { cost } from '../graph/cost.ts'
import { type MobileNetV2Classifier, mobileNetV2 } from './mobilenet-v2.ts'

interface Wanted extends Omit<MobileNetV2Classifier, 'width'> {
  /** Side of the images. */
  readonly image: number
  readonly multiplyAdds: number
}

/** Eight times as wide as published. */
const WIDEST = 800

/** The width multiplier, in hundredths, at which MobileNetV2 is closest to a number of multiply-adds for one image. */
export function mobileNetV2Width({ image, multiplyAdds, ...classifier }: Wanted): number {
  const excess = (hundredths: number) => {
    const graph = new GraphBuilder()
    const input = graph.input('image', { dtype: 'float32', shape: [1, 3, image, image] })
    const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-3 } } as const
    const logits = mobileNetV2(context, input, { ...classifier, width: hundredths / 100 })
    return cost(graph.build({ logits })).multiplyAdds - multiplyAdds
  }
  let [below, above] = [1, WIDEST]
  while (above - below > 1) {
    const middle = (below + above) >> 1
    if (excess(middle) > 0) above = middle
    else below = middle
  }
  return (Math.abs(excess(below)) <= Math.abs(excess(above)) ? below : above) / 100
}
