import type { Convolution } from '../../../convolution.ts'
import type { OnnxEmitter } from '../../emitter.ts'
import type { Rule } from '../target.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [K, C/groups, h, w] */
  readonly filterShape: readonly number[]
}

/**
 * dw[k,c,i,j] = Σ x[n, c, i·dilation + y·stride, …] dy[n,k,y,…], as a product of matrices for every image and group: what a tap
 * sees of x, with the positions of dy. As a convolution, its kernel would be a whole map, for which cuDNN need not have an algorithm.
 */
export const filterGradient: Rule<Attributes> = (
  emit,
  [x, dy],
  { convolution, filterShape },
  { inputs: [xType, dyType] },
) => {
  const { groups } = convolution
  const [k, perGroup, h, w] = filterShape as [number, number, number, number]
  const [n, , rows, columns] = dyType!.shape as [number, number, number, number]
  const [, , height, width] = xType!.shape as [number, number, number, number]
  const reshape = (value: string, shape: readonly number[]) => emit.node('Reshape', [value, emit.ints(shape)])

  const grouped = reshape(x!, [n, groups, perGroup, height, width])
  const seen = unfold(emit, grouped, [h, w], [rows, columns], convolution)
  const [taps, positions, filters] = [w * h * perGroup, rows * columns, k / groups]
  const byTap = reshape(seen, [n, groups, taps, positions])
  const byFilter = reshape(dy!, [n, groups, filters, positions])
  const byPosition = emit.node('Transpose', [byFilter], { perm: [0, 1, 3, 2] })
  const products = emit.node('MatMul', [byTap, byPosition])
  const sum = emit.node('ReduceSum', [products, emit.ints([0])], { keepdims: 0 })
  const ordered = emit.node('Transpose', [reshape(sum, [groups, w, h, perGroup, filters])], {
    perm: [0, 4, 3, 2, 1],
  })
  return [reshape(ordered, filterShape)]
}

/** What every tap of a kernel sees of maps [N,G,C,H,W]: [N, G, w·h·C, H', W'], columns of the kernel first, then rows, then channels. */
function unfold(
  emit: OnnxEmitter,
  maps: string,
  kernel: readonly [number, number],
  size: readonly [number, number],
  { stride, dilation, padding: [top, left, bottom, right] }: Convolution,
): string {
  const zeros = [0, 0, 0, top, left, 0, 0, 0, bottom, right]
  const padded = zeros.every((length) => length === 0) ? maps : emit.node('Pad', [maps, emit.ints(zeros)])
  return ([0, 1] as const).reduce((seen, axis) => {
    if (kernel[axis] === 1 && stride[axis] === 1) return seen
    const last = (size[axis] - 1) * stride[axis]
    const taps = Array.from({ length: kernel[axis] }, (_, tap) => {
      const from = tap * dilation[axis]
      const range = [[from], [from + last + 1], [3 + axis], [stride[axis]]].map((each) => emit.ints(each))
      return emit.node('Slice', [seen, ...range])
    })
    return taps.length === 1 ? taps[0]! : emit.node('Concat', taps, { axis: 2 })
  }, padded)
}
