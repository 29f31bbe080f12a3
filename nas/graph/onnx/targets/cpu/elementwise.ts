import { sameShape } from '../../../../tensor.ts'
import type { Rule } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { clipped, elementwise, isNchwc } from './nchwc.ts'

/* Where an operand is in NCHWc, so is the result. */

const binary =
  (onnxName: string): Rule<null, BlockedEmitter> =>
  (emit, inputs, _, { inputs: types, outputs: [y] }) => {
    const { shape } = y!
    const blocked = inputs.some((input) => isNchwc(emit, input))
    if (!blocked || !types.every((type) => sameShape(type.shape, shape))) return undefined
    return [elementwise(emit, inputs, shape, (maps) => emit.node(onnxName, maps))]
  }

const activation =
  (cap: number): Rule<null, BlockedEmitter> =>
  (emit, [x], _, { inputs: [type] }) =>
    isNchwc(emit, x!) ? [clipped(emit, x!, type!.shape, { cap, sole: emit.reads(x!) === 1 })] : undefined

export const elementwiseRules = {
  add: binary('Add'),
  sub: binary('Sub'),
  mul: binary('Mul'),
  div: binary('Div'),
  relu: activation(Infinity),
  relu6: activation(6),
}
