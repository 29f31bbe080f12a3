import { type ProposalOptions, proposalsOf, type Scored } from '../../boxes/proposals.ts'
import type { Tensor } from '../../tensor.ts'
import type { Geometry } from './geometry.ts'

/**
 * The proposals of each image of a batch.
 * @param objectness logits [N,K] of all anchors; @param deltas [N,4K], by level [A,4,H,W]
 */
export function propose(
  { height, width, levels, anchors, starts }: Geometry,
  objectness: Tensor,
  deltas: Tensor,
  options: ProposalOptions,
): readonly Scored[] {
  const [n, k] = objectness.shape as [number, number]
  return Array.from({ length: n }, (_, image) => {
    const predictions = levels.map((level, i) => {
      const [start, end] = [starts[i]!, starts[i + 1] ?? k]
      const part = (data: Tensor['data'], numbers: number) =>
        (data as Float32Array).subarray(numbers * (image * k + start), numbers * (image * k + end))
      return {
        objectness: part(objectness.data, 1),
        deltas: part(deltas.data, 4),
        anchors: anchors.subarray(4 * start, 4 * end),
        places: level.height * level.width,
      }
    })
    return proposalsOf(predictions, { height, width }, options)
  })
}
