import { type Convolution, isDepthwise, isPointwise } from '../../../convolution.ts'
import type { Rule } from '../target.ts'
import { foldScale } from './affine.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { nchwcDepthwiseInputGradient } from './depthwise.ts'
import { fitsNchwc } from './nchwc.ts'
import { nchwcPointwise, suitsNchwc } from './pointwise.ts'
import { nchwcUngroupedInputGradient, suitsUngrouped } from './ungrouped.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [N,C,H,W] of the convolution's input. */
  readonly inputShape: readonly number[]
}

/** In NCHWc where that is faster. */
export const inputGradient: Rule<Attributes, BlockedEmitter> = (
  emit,
  [dy, filter],
  { convolution, inputShape },
  { inputs: [dyType, filterType] },
) => {
  const shapes = { dy: dyType!.shape, filter: filterType!.shape, input: inputShape }
  const maps = { x: shapes.dy, channels: inputShape[1]! }
  if (isPointwise(shapes.filter, convolution) && suitsNchwc(emit, dy!, maps))
    return [nchwcPointwise(emit, dy!, maps, { filter: filter!, transposed: true })]
  if (
    convolution.stride.every((s) => s === 1) &&
    suitsUngrouped(emit, [shapes.dy[1]!, inputShape[1]!], shapes.filter.slice(2), convolution)
  )
    return [nchwcUngroupedInputGradient(emit, dy!, filter!, shapes, convolution)]
  if (!isDepthwise(shapes.filter, convolution) || !fitsNchwc(emit, shapes.dy)) return undefined
  const folded = foldScale(emit, dy!, filter!, inputShape[1]!)
  return [nchwcDepthwiseInputGradient(emit, folded.map, folded.filter, shapes, convolution)]
}
