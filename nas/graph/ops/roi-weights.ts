import { showShape } from '../../tensor.ts'
import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import type { OnnxEmitter } from '../onnx/emitter.ts'
import { reduce } from '../onnx/reduce.ts'
import { type Op, ShapeMismatch, type TensorFlow, type TensorFlowTensor } from '../op.ts'

type Pair = readonly [height: number, width: number]

export interface RoiWeights {
  /** Cells of a region. */
  readonly size: Pair
  /** Height and width of the map that is pooled. */
  readonly map: Pair
  /** Pixels of the map for a pixel of the image: 1 / stride. */
  readonly spatialScale: number
  /** Samples along a side of a cell. */
  readonly samplingRatio: number
}

interface Axis {
  readonly cells: number
  readonly length: number
  /** Column of the regions where it starts; where it ends is two further. */
  readonly start: number
}

const axesOf = ({ size, map }: RoiWeights): readonly Axis[] =>
  ([0, 1] as const).map((axis) => ({ cells: size[axis], length: map[axis], start: 1 - axis }))

/** Where samples lie in a region, as shares of its length. */
const shares = (samples: number) => Float32Array.from({ length: samples }, (_, i) => (i + 0.5) / samples)

const places = (length: number) => Float32Array.from({ length }, (_, i) => i)

/** A position that has no pixel within 1 of it. */
const NOWHERE = -1

const op: Op<RoiWeights> = {
  name: 'roi-weights',
  infer([regions], attributes) {
    const { size, map, spatialScale, samplingRatio } = attributes
    if (regions!.shape.length !== 3 || regions!.shape[2] !== 4)
      throw new ShapeMismatch('needs regions [N,P,4]')
    if (![...size, ...map, samplingRatio].every((n) => Number.isInteger(n) && n > 0) || !(spatialScale > 0))
      throw new ShapeMismatch(
        `has no ${showShape(size)} cells of ${samplingRatio} samples in a map ${showShape(map)} of scale ${spatialScale}`,
      )
    const [n, p] = regions!.shape
    return axesOf(attributes).map(({ cells, length }) => ({
      dtype: 'float32',
      shape: [n!, p!, cells, length],
    }))
  },
  onnx(emit, [regions], attributes, { inputs: [type] }) {
    const [n, p] = type!.shape
    const { spatialScale, samplingRatio } = attributes
    const scaled = emit.node('Mul', [regions!, emit.float(spatialScale)])
    const edges = emit.node('Sub', [scaled, emit.float(0.5)])
    return axesOf(attributes).map((axis) => {
      const shape = [n!, p!, axis.cells, samplingRatio, 1]
      return onnxAlong(emit, edges, axis, shape)
    })
  },
  tensorflow(tf, [regions], attributes, { inputs: [type] }) {
    const [n, p] = type!.shape
    const { spatialScale, samplingRatio } = attributes
    const edges = tf.sub(tf.mul(regions!, spatialScale), 0.5)
    return axesOf(attributes).map((axis) =>
      tensorFlowAlong(tf, edges, axis, [n!, p!, axis.cells, samplingRatio, 1]),
    )
  },
}

function onnxAlong(
  emit: OnnxEmitter,
  edges: string,
  { cells, length, start }: Axis,
  shape: readonly number[],
): string {
  const column = (i: number) =>
    emit.node('Slice', [edges, emit.ints([i]), emit.ints([i + 1]), emit.ints([2])])
  const samples = cells * shape[3]!
  const extent = emit.node('Sub', [column(start + 2), column(start)])
  const offsets = emit.node('Mul', [extent, emit.floats([samples], shares(samples))])
  const position = emit.node('Reshape', [emit.node('Add', [column(start), offsets]), emit.ints(shape)])
  const inside = emit.node('And', [
    emit.node('GreaterOrEqual', [position, emit.float(-1)]),
    emit.node('LessOrEqual', [position, emit.float(length)]),
  ])
  const clamped = emit.node('Clip', [position, emit.float(0), emit.float(length - 1)])
  const from = emit.node('Where', [inside, clamped, emit.float(NOWHERE)])
  const distance = emit.node('Abs', [emit.node('Sub', [from, emit.floats([length], places(length))])])
  const weights = emit.node('Relu', [emit.node('Sub', [emit.float(1), distance])])
  return reduce(emit, 'ReduceMean', weights, [3], 0)
}

function tensorFlowAlong(
  tf: TensorFlow,
  edges: TensorFlowTensor,
  { cells, length, start }: Axis,
  shape: readonly number[],
): TensorFlowTensor {
  const column = (i: number) => tf.slice(edges, [0, 0, i], [shape[0]!, shape[1]!, 1])
  const extent = tf.sub(column(start + 2), column(start))
  const offsets = tf.mul(extent, tf.tensor1d(shares(cells * shape[3]!)))
  const position = tf.reshape(tf.add(column(start), offsets), [...shape])
  const inside = tf.logicalAnd(tf.greaterEqual(position, -1), tf.lessEqual(position, length))
  const from = tf.where(inside, tf.clipByValue(position, 0, length - 1), NOWHERE)
  const weights = tf.relu(tf.sub(1, tf.abs(tf.sub(from, tf.tensor1d(places(length))))))
  return tf.mean(weights, 3)
}

/**
 * What each row and each column of a map weighs in the cells of regions, by RoIAlign (He et al. 2017, arXiv 1703.06870, section 3)
 * with pixels at their centres: a cell is the mean of bilinear samples at regular places. A sample up to one pixel beyond the
 * border is taken at the border, one further beyond counts as 0. Not differentiable.
 * @param regions [N,P,4]: left, top, right and bottom in pixels of the image
 * @returns rows [N,P,h,H] and columns [N,P,w,W] for a size [h,w] and a map [H,W]
 */
export const roiWeights = (
  graph: GraphBuilder,
  regions: Value,
  attributes: RoiWeights,
): readonly [rows: Value, columns: Value] =>
  graph.add(op, [regions], attributes) as readonly Value[] as readonly [Value, Value]
