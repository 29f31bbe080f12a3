import type { OnnxEmitter } from './onnx/emitter.ts'
import { elementTypes } from './onnx/types.ts'
import type { TensorFlow, TensorFlowTensor } from './op.ts'

export interface CrossEntropy {
  readonly ignoreLabel: number
  /** The probability that is moved from the label to all classes evenly. */
  readonly labelSmoothing: number
  /**
   * How much rare classes weigh, from 0 to 1: a position weighs n^-classBalance, where n positions of the batch have its label. At
   * 0 all weigh alike; at 1 all classes do, as in HED (arXiv 1504.06375, equation 2), whatever their share.
   */
  readonly classBalance: number
}

type Weighting = Pick<CrossEntropy, 'ignoreLabel' | 'classBalance'>

/** 0 … C-1 as [1,C,1,…], to compare with labels. */
export const classIndices = ([, classes, ...positions]: readonly number[]) => ({
  shape: [1, classes!, ...positions.map(() => 1)],
  data: Int32Array.from({ length: classes! }, (_, i) => i),
})

/** All axes of logits but that of their classes. */
const axesOfPositions = (shape: readonly number[]): number[] => [...shape.keys()].filter((axis) => axis !== 1)

function onnx(
  emit: OnnxEmitter,
  label: string,
  shape: readonly number[],
  { ignoreLabel, classBalance }: Weighting,
): { readonly counted: string; readonly weight: string } {
  const float = (value: string) => emit.node('Cast', [value], { to: elementTypes.float32 })
  const counted = emit.node('Not', [emit.node('Equal', [label, emit.int32s([], Int32Array.of(ignoreLabel))])])
  if (classBalance === 0) return { counted, weight: float(counted) }
  const classes = classIndices(shape)
  const ofClass = emit.node('Equal', [label, emit.int32s(classes.shape, classes.data)])
  const oneHot = float(emit.node('And', [ofClass, counted]))
  const positions = emit.node('ReduceSum', [oneHot, emit.ints(axesOfPositions(shape))])
  // A class that no position has is multiplied by no label, but 0 to a negative power is infinite.
  const weights = emit.node('Pow', [emit.node('Max', [positions, emit.float(1)]), emit.float(-classBalance)])
  return { counted, weight: emit.node('ReduceSum', [emit.node('Mul', [oneHot, weights]), emit.ints([1])]) }
}

function tensorflow(
  tf: TensorFlow,
  label: TensorFlowTensor,
  shape: readonly number[],
  { ignoreLabel, classBalance }: Weighting,
): TensorFlowTensor {
  const counted = tf.notEqual(label, ignoreLabel)
  if (classBalance === 0) return tf.cast(counted, 'float32')
  const classes = classIndices(shape)
  const ofClass = tf.equal(label, tf.tensor(classes.data, classes.shape, 'int32'))
  const oneHot = tf.cast(tf.logicalAnd(ofClass, counted), 'float32')
  const positions = tf.sum(oneHot, axesOfPositions(shape), true)
  return tf.sum(tf.mul(oneHot, tf.pow(tf.maximum(positions, 1), -classBalance)), 1, true)
}

/**
 * What each position weighs in a cross entropy: `label` [N,1,…] of logits of `shape` [N,C,…] to weights [N,1,…]; 0 where the label
 * is ignored. The sum of weights is at least 1 where any label counts.
 */
export const labelWeights = { onnx, tensorflow }
