import type { Value } from '../../graph/graph.ts'
import type { LayerContext } from '../../nets/layers.ts'
import { mbConv } from '../../nets/mbconv.ts'
import { basicBlock, bottleneck } from '../../nets/residual.ts'
import type { Operation } from './genotype.ts'

/** Adds a layer: [N,C,H,W] to [N,channels,H/stride,W/stride], sizes rounded up. */
type Layer = (
  context: LayerContext,
  x: Value,
  options: { readonly channels: number; readonly stride: number },
) => Value

/** Fig. 2: input and output are added wherever their shapes are equal. */
const mb =
  (kernel: number, expansion: number): Layer =>
  (context, x, options) =>
    mbConv(context, x, { kernel, expansion, ...options })

/** What an operation adds to a graph. */
export const LAYERS: Readonly<Record<Operation, Layer>> = {
  mbconv_k3_t1: mb(3, 1),
  mbconv_k3_t3: mb(3, 3),
  mbconv_k3_t6: mb(3, 6),
  mbconv_k5_t1: mb(5, 1),
  mbconv_k5_t3: mb(5, 3),
  mbconv_k5_t6: mb(5, 6),
  mbconv_k7_t1: mb(7, 1),
  mbconv_k7_t3: mb(7, 3),
  mbconv_k7_t6: mb(7, 6),
  basic_block: basicBlock,
  bottle_neck: bottleneck,
}
