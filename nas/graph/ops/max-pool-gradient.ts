import { sizeOf } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import type { Op } from '../op.ts'
import { onnxWindow, type Window } from '../pooling.ts'
import { maxPool2dGradient } from '../tensorflow/max-pool.ts'

/** Recomputes the indices of the maxima: cheaper than a second output in every exported model. */
const op: Op<Window> = {
  name: 'max-pool-gradient',
  infer: ([, x]) => [x!],
  onnx(emit, [dy, x], window, { inputs: [, type] }) {
    const [, indices] = emit.multi('MaxPool', [x!], onnxWindow(window), { outputs: 2 })
    const flat = (value: string) => emit.node('Reshape', [value, emit.ints([-1])])
    const zeros = emit.node('Expand', [emit.float(0), emit.ints([sizeOf(type!.shape)])])
    const dx = emit.node('ScatterElements', [zeros, flat(indices!), flat(dy!)], { axis: 0, reduction: 'add' })
    return [emit.node('Reshape', [dx, emit.ints(type!.shape)])]
  },
  tensorflow: (tf, [dy, x], window) => [maxPool2dGradient(tf, dy!, x!, window)],
}

/** Gradient of maxPool: each dy goes to the first largest element of its window. dy [N,C,H',W'], x [N,C,H,W] to [N,C,H,W]. */
export const maxPoolGradient = (graph: GraphBuilder, dy: Value, x: Value, window: Window): Value =>
  graph.add(op, [dy, x], window)[0]!
