import { encode, HEAD_WEIGHTS } from '../../../boxes/deltas.ts'
import { hardNegatives } from '../../../boxes/hard-negatives.ts'
import { matchDefaultBoxes } from '../../../boxes/match-default-boxes.ts'
import { float32, int32, type Tensor, type Tensors } from '../../../tensor.ts'
import type { OneStageOptions } from '../detector.ts'
import type { Geometry } from '../geometry.ts'
import type { Truth } from '../truth.ts'

/** The label of an anchor that counts for nothing. */
export const NOT_LEARNT = -1

/**
 * What the heads learn from a batch (SSD, section 2.2): anchors that match a truth learn its class and box, and of the others those
 * that are hardest to tell from things are learnt as background. Losses are sums over the number of anchors that match, N.
 *
 * `anchor/label` int32 [N,K], 0 for the background, `anchor/target` and `anchor/weight` [N,4,K], and the scalar `anchor/share`: how
 * many anchors are learnt from, over how many match.
 * @param scores logits [N,C,K]
 */
export function multiboxTargets(
  { anchors }: Pick<Geometry, 'anchors'>,
  scores: Tensor,
  truths: readonly Truth[],
  { negatives }: Pick<OneStageOptions, 'negatives'>,
): Tensors {
  const [n, classes, k] = scores.shape as [number, number, number]
  const labels = new Int32Array(n * k).fill(NOT_LEARNT)
  const [target, weight] = [new Float32Array(4 * n * k), new Float32Array(4 * n * k)]
  const delta = new Float32Array(4)
  let [matched, learnt] = [0, 0]
  for (const [image, { boxes, labels: own }] of truths.entries()) {
    const matches = matchDefaultBoxes(anchors, boxes)
    const logits = (scores.data as Float32Array).subarray(image * classes * k, (image + 1) * classes * k)
    const hard = hardNegatives(matches, backgroundLosses(logits, k), negatives)
    for (const anchor of hard) labels[image * k + anchor] = 0
    learnt += hard.length
    for (const [anchor, truth] of matches.entries()) {
      if (truth < 0) continue
      matched++
      labels[image * k + anchor] = own[truth]! + 1
      encode(delta, 0, anchors, anchor, boxes, truth, HEAD_WEIGHTS)
      for (let edge = 0; edge < 4; edge++) {
        const at = (4 * image + edge) * k + anchor
        target[at] = delta[edge]!
        weight[at] = 1
      }
    }
  }
  learnt += matched
  const count = Math.max(matched, 1)
  return {
    'anchor/label': int32([n, k], labels),
    'anchor/target': float32([n, 4, k], target),
    'anchor/weight': float32(
      [n, 4, k],
      weight.map((one) => one / count),
    ),
    'anchor/share': float32([], [learnt / count]),
  }
}

/** -log of the probability of the background for each of K anchors. @param logits [C,K] */
function backgroundLosses(logits: Float32Array, k: number): Float64Array {
  const losses = new Float64Array(k)
  for (let anchor = 0; anchor < k; anchor++) {
    const background = logits[anchor]!
    let sum = 0
    for (let at = anchor; at < logits.length; at += k) sum += Math.exp(logits[at]! - background)
    losses[anchor] = Math.log(sum)
  }
  return losses
}
