import { type Boxes, pick } from '../../boxes/boxes.ts'
import { encode, HEAD_WEIGHTS } from '../../boxes/deltas.ts'
import { match } from '../../boxes/match.ts'
import { sample } from '../../boxes/sample.ts'
import type { Random } from '../../random.ts'
import { float32, int32, type Tensors } from '../../tensor.ts'
import type { TwoStageOptions } from './detector.ts'
import type { Truth } from './truth.ts'

/** The label of a region that counts for nothing: there are fewer than a graph has room for. */
export const NOT_A_REGION = -1

/**
 * The regions that a head learns from, and what they are (Fast R-CNN, section 2.3): the proposals of each image and, as they may
 * be poor at first, its true boxes.
 *
 * `regions` [N,P,4], int32 `region/label` [R], R = N·P, where 0 is the background, and [R,4C]
 * `region/target` and `region/weight`, over all regions.
 */
export function regionTargets(
  proposals: readonly Boxes[],
  truths: readonly Truth[],
  { regionMatch, regionSample, classes }: Pick<TwoStageOptions, 'regionMatch' | 'regionSample' | 'classes'>,
  streamOf: (image: number) => Random,
): Tensors {
  const { size } = regionSample
  const [rows, columns] = [size * truths.length, 4 * (classes + 1)]
  const regions = new Float32Array(4 * rows)
  const labels = new Int32Array(rows).fill(NOT_A_REGION)
  const [target, weight] = [new Float32Array(columns * rows), new Float32Array(columns * rows)]
  let count = 0
  for (const [image, { boxes, labels: own }] of truths.entries()) {
    const candidates = Float32Array.of(...boxes, ...proposals[image]!)
    const matches = match(candidates, boxes, regionMatch)
    const { positive, negative } = sample(matches, regionSample, streamOf(image))
    count += positive.length + negative.length
    for (const [i, region] of [...positive, ...negative].entries()) {
      const row = size * image + i
      regions.set(pick(candidates, [region]), 4 * row)
      labels[row] = 0
      const truth = matches[region]!
      if (truth < 0) continue
      labels[row] = own[truth]! + 1
      const at = columns * row + 4 * labels[row]!
      encode(target, at, candidates, region, boxes, truth, HEAD_WEIGHTS)
      weight.fill(1, at, at + 4)
    }
  }
  for (let i = 0; i < weight.length; i++) weight[i] = weight[i]! / Math.max(count, 1)
  return {
    regions: float32([truths.length, size, 4], regions),
    'region/label': int32([rows], labels),
    'region/target': float32([rows, columns], target),
    'region/weight': float32([rows, columns], weight),
  }
}
