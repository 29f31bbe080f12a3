import { elementTypes } from '../../types.ts'
import type { Rule } from '../target.ts'

/**
 * The mask, whether the noises differ at each channel and position, is a product of two thin matrices of zeros and ones: one pass
 * over memory instead of three for comparison, selection and scaling.
 */
export const dropout: Rule<{ readonly oneIn: number }> = (
  emit,
  [x, channelNoise, positionNoise],
  { oneIn },
  { inputs: [type] },
) => {
  const [n, c, h, w] = type!.shape as [number, number, number, number]
  const number = (value: string) => emit.node('Cast', [value], { to: elementTypes.float32 })
  const values = (shape: readonly number[]) =>
    emit.int32s(
      shape,
      Int32Array.from({ length: oneIn }, (_, i) => i),
    )
  const ofChannel = emit.node('Reshape', [channelNoise!, emit.ints([n, c, 1])])
  const ofPosition = emit.node('Reshape', [positionNoise!, emit.ints([n, 1, h * w])])
  const differs = number(emit.node('Not', [emit.node('Equal', [ofChannel, values([1, 1, oneIn])])]))
  const indicator = number(emit.node('Equal', [ofPosition, values([1, oneIn, 1])]))
  const scaled = emit.node('Mul', [differs, emit.float(oneIn / (oneIn - 1))])
  const mask = emit.node('Reshape', [emit.node('MatMul', [scaled, indicator]), emit.ints([n, c, h, w])])
  return [emit.node('Mul', [x!, mask])]
}
