import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import { type Convolution, isPointwise, onnxConvolution, outputSize } from '../convolution.ts'
import type { Value } from '../graph.ts'
import type { Op } from '../op.ts'
import { convolution2dInputGradient } from '../tensorflow/convolution.ts'

interface Attributes {
  readonly convolution: Convolution
  /** [N,C,H,W] of the convolution's input. */
  readonly inputShape: readonly number[]
}

const op: Op<Attributes> = {
  name: 'conv2d-input-gradient',
  infer: (_, { inputShape }) => [{ dtype: 'float32', shape: inputShape }],
  multiplyAdds: ({ inputs: [dy, filter] }) => (sizeOf(dy!.shape) * sizeOf(filter!.shape)) / filter!.shape[0]!,
  onnx(emit, [dy, filter], { convolution, inputShape }, { inputs: [, filterType] }) {
    const { stride, dilation, padding } = convolution
    const [, , height, width] = filterType!.shape as [number, number, number, number]
    if (isPointwise(filterType!.shape, convolution))
      return [
        emit.node('Conv', [dy!, emit.node('Transpose', [filter!], { perm: [1, 0, 2, 3] })], {
          kernel_shape: [1, 1],
        }),
      ]
    const [outHeight, outWidth] = outputSize(inputShape, [height, width], convolution)
    // Rows and columns at the end that the stride skips have a zero gradient.
    const skipped = ([inputShape[2]!, inputShape[3]!] as const).map((length, axis) => {
      const kernel = axis === 0 ? height : width
      const last = (axis === 0 ? outHeight : outWidth) - 1
      return (
        length +
        padding[axis]! +
        padding[2 + axis]! -
        stride[axis]! * last -
        dilation[axis]! * (kernel - 1) -
        1
      )
    })
    return [
      emit.node('ConvTranspose', [dy!, filter!], {
        ...onnxConvolution(filterType!.shape, convolution),
        output_padding: skipped,
      }),
    ]
  },
  tensorflow: (tf, [dy, filter], { convolution, inputShape }) => [
    convolution2dInputGradient(tf, dy!, filter!, inputShape, convolution),
  ],
}

/** Gradient of conv2d by its input: dy [N,K,H',W'], filter [K,C/groups,h,w] to [N,C,H,W]. */
export const conv2dInputGradient = (
  graph: GraphBuilder,
  dy: Value,
  filter: Value,
  inputShape: readonly number[],
  convolution: Convolution,
): Value => graph.add(op, [dy, filter], { convolution, inputShape })[0]!
