import type { GraphBuilder } from '../builder.ts'
import { same } from '../convolution.ts'
import type { Value } from '../graph.ts'
import {
  convolveBlocks,
  elementwise,
  filled,
  fromBlocks,
  inBlocks,
  type Shape,
  toBlocks,
} from '../onnx/nchwc.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import type { Op } from '../op.ts'

/** A slope that takes all normal numbers above zero to one. */
export const STEEP = 3e38

/** From the output instead of the input: the forward pass need not keep what came before the activation. */
const op: Op<{ readonly cap: number }> = {
  name: 'relu-gradient',
  infer: ([dy]) => [dy!],
  onnx(emit, [dy, y], { cap }, { inputs: [type] }) {
    const { shape } = type!
    const capped = cap !== Infinity && (inBlocks(emit, dy!) || inBlocks(emit, y!))
    const open = capped ? openInBlocks(emit, y!, shape, cap) : openWhere(emit, y!, shape, cap)
    return [elementwise(emit, [dy!, open], shape, (operands) => emit.node('Mul', operands))]
  },
  tensorflow(tf, [dy, y], { cap }) {
    const open = tf.logicalAnd(tf.greater(y!, 0), tf.less(y!, cap))
    return [tf.mul(dy!, tf.cast(open, 'float32'))]
  },
}

/*
 * 1 where 0 < y < cap, else 0: the same for all normal numbers, and exact at the bounds. Comparisons and what becomes of their
 * results take ONNX Runtime twice the time of these sums and products, and its Where thrice.
 */

export const openWhere = (emit: OnnxEmitter, y: string, shape: Shape, cap: number): string =>
  elementwise(emit, [y], shape, ([y]) => {
    const inside = cap === Infinity ? y! : emit.node('Mul', [y!, emit.node('Sub', [emit.float(cap), y!])])
    return emit.node('HardSigmoid', [inside], { alpha: { float: STEEP }, beta: { float: 0 } })
  })

/** y² - cap·y is below zero there: a convolution adds the one to the other while it walks. */
function openInBlocks(emit: OnnxEmitter, y: string, shape: Shape, cap: number): string {
  const x = toBlocks(emit, y)
  const channels = filled(emit.block, shape[1]!)
  const filter = emit.floats([channels, 1, 1, 1], new Float32Array(channels).fill(-cap))
  const addend = emit.node('Mul', [x, x])
  const activation = { activation: 'HardSigmoid', activation_params: { floats: [-STEEP, 0] } }
  const convolution = same([1, 1], { groups: channels })
  return fromBlocks(
    emit,
    convolveBlocks(emit, { x, filter, kernel: [1, 1], addend, activation }, convolution),
    shape,
  )
}

/** dy where 0 < y < cap, else 0: the gradient of min(max(x, 0), cap) by its output y. */
export const reluGradient = (graph: GraphBuilder, dy: Value, y: Value, cap: number): Value =>
  graph.add(op, [dy, y], { cap })[0]!
