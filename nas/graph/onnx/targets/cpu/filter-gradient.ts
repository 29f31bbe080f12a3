import { type Convolution, isDepthwise, isPointwise } from '../../../convolution.ts'
import type { Rule } from '../target.ts'
import { foldScale } from './affine.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { nchwcDepthwiseFilterGradient } from './depthwise.ts'
import { fitsNchwc, isNchwc } from './nchwc.ts'
import { nchwcProduct } from './pointwise.ts'
import { nchwcUngroupedFilterGradient, suitsUngrouped } from './ungrouped.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [K, C/groups, h, w] */
  readonly filterShape: readonly number[]
}

/** Depthwise ones in NCHWc; pointwise ones as a product of matrices, where one of both maps is in NCHWc. */
export const filterGradient: Rule<Attributes, BlockedEmitter> = (
  emit,
  [x, dy],
  { convolution, filterShape },
  { inputs: [xType, dyType] },
) => {
  const shapes = { x: xType!.shape, dy: dyType!.shape, filter: filterShape }
  const [k] = filterShape as [number]
  const asFilter = (product: string) => [emit.node('Reshape', [product, emit.ints(filterShape)])]
  if (isPointwise(filterShape, convolution)) {
    if (isNchwc(emit, dy!) === isNchwc(emit, x!)) return undefined
    if (isNchwc(emit, dy!)) return asFilter(nchwcProduct(emit, x!, dy!, shapes.x, k))
    const product = nchwcProduct(emit, dy!, x!, shapes.dy, shapes.x[1]!)
    return asFilter(emit.node('Transpose', [product], { perm: [1, 0] }))
  }
  // With batch and channels exchanged.
  if (suitsUngrouped(emit, [shapes.x[0]!, k], shapes.dy.slice(2), convolution))
    return [nchwcUngroupedFilterGradient(emit, x!, dy!, shapes, convolution)]
  if (!isDepthwise(filterShape, convolution) || !fitsNchwc(emit, shapes.x)) return undefined
  const unscaled = emit.deferredScales.get(dy!)?.map ?? dy!
  const gradient = nchwcDepthwiseFilterGradient(emit, x!, unscaled, shapes, convolution)
  return [foldScale(emit, dy!, gradient, k).filter]
}
