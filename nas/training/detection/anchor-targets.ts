import { encode, RPN_WEIGHTS } from '../../boxes/deltas.ts'
import { match } from '../../boxes/match.ts'
import { sample } from '../../boxes/sample.ts'
import type { Random } from '../../random.ts'
import { float32, type Tensors } from '../../tensor.ts'
import type { TwoStageOptions } from './detector.ts'
import type { Geometry } from './geometry.ts'
import type { Truth } from './truth.ts'

/**
 * What the region proposal network learns from a batch (Faster R-CNN, section 3.1.2): for each anchor whether it holds
 * something, and how it becomes that. Weights are 0 but for the sampled anchors, over whose number losses are averaged.
 *
 * Losses of anchors: [N,K] `objectness/target` and `objectness/weight`, [N,4K] `deltas/target` and `deltas/weight`.
 */
export function anchorTargets(
  { anchors, levels, starts }: Geometry,
  truths: readonly Truth[],
  { anchorMatch, anchorSample }: Pick<TwoStageOptions, 'anchorMatch' | 'anchorSample'>,
  streamOf: (image: number) => Random,
): Tensors {
  const [n, k] = [truths.length, anchors.length / 4]
  const objectness = { target: new Float32Array(n * k), weight: new Float32Array(n * k) }
  const deltas = { target: new Float32Array(4 * n * k), weight: new Float32Array(4 * n * k) }
  const sampled = truths.map(({ boxes }, image) => {
    const matches = match(anchors, boxes, anchorMatch)
    return { boxes, matches, ...sample(matches, anchorSample, streamOf(image)) }
  })
  const count = sampled.reduce((sum, { positive, negative }) => sum + positive.length + negative.length, 0)
  const delta = new Float32Array(4)
  for (const [image, { boxes, matches, positive, negative }] of sampled.entries()) {
    for (const anchor of [...positive, ...negative]) objectness.weight[image * k + anchor] = 1 / count
    for (const anchor of positive) {
      objectness.target[image * k + anchor] = 1
      encode(delta, 0, anchors, anchor, boxes, matches[anchor]!, RPN_WEIGHTS)
      const level = starts.findLastIndex((start) => start <= anchor)
      const places = levels[level]!.height * levels[level]!.width
      const place = (anchor - starts[level]!) % places
      const at = 4 * (image * k + anchor - place) + place
      for (let i = 0; i < 4; i++) {
        deltas.target[at + i * places] = delta[i]!
        deltas.weight[at + i * places] = 1 / count
      }
    }
  }
  return {
    'objectness/target': float32([n, k], objectness.target),
    'objectness/weight': float32([n, k], objectness.weight),
    'deltas/target': float32([n, 4 * k], deltas.target),
    'deltas/weight': float32([n, 4 * k], deltas.weight),
  }
}
