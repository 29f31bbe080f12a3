import { AS_WRITTEN } from '../../../rewrites.ts'
import type { Target } from '../target.ts'
import { filterGradient } from './filter-gradient.ts'
import { inputGradient } from './input-gradient.ts'
import { maxPoolGradient } from './max-pool-gradient.ts'

/*
 * ONNX Runtime's CUDA kernels. It knows a kernel of version n without an end to be one of operators of version n alone: from version
 * 19 on, some run on the CPU, and the tensors that they read and write cross the bus.
 *
 * Where the same training must give the same bytes, no sum may be one of atomic additions: gradients are convolutions and matrix
 * products, never scattered, and no transposed convolutions, for which cuDNN has algorithms of both kinds.
 */
export const cuda: Target = {
  opset: 17,
  irVersion: 8,
  rewrites: AS_WRITTEN,
  rules: {
    'conv2d-filter-gradient': filterGradient,
    'conv2d-input-gradient': inputGradient,
    'max-pool-gradient': maxPoolGradient,
  },
}
