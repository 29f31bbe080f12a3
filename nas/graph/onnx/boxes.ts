import { type DeltaWeights, LARGEST_LOG_RATIO } from '../../boxes/deltas.ts'
import type { OnnxEmitter } from './emitter.ts'

/*
 * What `nas/boxes` does, in standard operators. How many boxes suppression leaves depends on the image, but all shapes here are
 * fixed: what does not stay has the lowest score there is.
 */

export interface ImageSize {
  readonly height: number
  readonly width: number
}

/** Of what does not stay: no score is below. */
const LOWEST = -3.4028234663852886e38

/** Numbers `from` up to, not including, `to` along the last axis. */
const part = (emit: OnnxEmitter, x: string, from: number, to: number) =>
  emit.node('Slice', [x, emit.ints([from]), emit.ints([to]), emit.ints([-1])])

/** Boxes […,4] moved by deltas […,4] and clipped to the image: `decode` and `clip`. */
export function movedBoxes(
  emit: OnnxEmitter,
  boxes: string,
  deltas: string,
  weights: DeltaWeights,
  { height, width }: ImageSize,
): string {
  const [start, end] = [part(emit, boxes, 0, 2), part(emit, boxes, 2, 4)]
  const size = emit.node('Sub', [end, start])
  const half = (x: string) => emit.node('Mul', [x, emit.float(0.5)])
  const scaled = emit.node('Div', [deltas, emit.floats([4], Float32Array.from(weights))])
  const shift = emit.node('Mul', [part(emit, scaled, 0, 2), size])
  const centre = emit.node('Add', [emit.node('Add', [start, half(size)]), shift])
  const ratio = emit.node('Exp', [
    emit.node('Min', [part(emit, scaled, 2, 4), emit.float(LARGEST_LOG_RATIO)]),
  ])
  const reach = half(emit.node('Mul', [size, ratio]))
  const border = emit.floats([2], Float32Array.of(width, height))
  const clipped = (edge: string) => emit.node('Max', [emit.node('Min', [edge, border]), emit.float(0)])
  const edges = [emit.node('Sub', [centre, reach]), emit.node('Add', [centre, reach])]
  return emit.node('Concat', edges.map(clipped), { axis: -1 })
}

interface Suppression {
  readonly shape: readonly [lists: number, boxes: number]
  /** Scores up to this do not stay; none by default. */
  readonly above?: number
  /** IoU above which the less likely of two boxes goes. */
  readonly threshold: number
  /** The most that stay of each list. */
  readonly most: number
}

/** Scores [L,S] of lists of boxes [L,S,4], where those that stay by `suppress` are unchanged and others the lowest. */
export function keptScores(
  emit: OnnxEmitter,
  boxes: string,
  scores: string,
  { shape, above = LOWEST, threshold, most }: Suppression,
): string {
  const [lists, length] = shape
  const lowest = emit.node('Expand', [emit.float(LOWEST), emit.ints(shape)])
  const size = emit.node('Sub', [part(emit, boxes, 2, 4), part(emit, boxes, 0, 2)])
  const shorter = emit.node('Min', [part(emit, size, 0, 1), part(emit, size, 1, 2)])
  const hasArea = emit.node('Greater', [emit.node('Reshape', [shorter, emit.ints(shape)]), emit.float(0)])
  const candidates = emit.node('Where', [hasArea, scores, lowest])
  const selected = emit.node('NonMaxSuppression', [
    boxes,
    emit.node('Reshape', [candidates, emit.ints([lists, 1, length])]),
    emit.ints([Math.min(most, length)]),
    emit.floats([1], Float32Array.of(threshold)),
    emit.floats([1], Float32Array.of(above)),
  ])
  // Rows of list, class and box; all are of one class.
  const indices = emit.node('Gather', [selected, emit.ints([0, 2])], { axis: 1 })
  return emit.node('ScatterND', [lowest, indices, emit.node('GatherND', [scores, indices])])
}

/** Rows [N,K,4] of boxes [N,S,4] by indices [N,K]. @param shape of the indices */
export const rowsBy = (emit: OnnxEmitter, boxes: string, indices: string, shape: readonly number[]): string =>
  emit.node('GatherND', [boxes, emit.node('Reshape', [indices, emit.ints([...shape, 1])])], { batch_dims: 1 })

/** The highest scores [N,K] and their indices, in descending order, the first of equal ones first. */
export const highest = (emit: OnnxEmitter, scores: string, count: number): readonly [string, string] => {
  const [values, indices] = emit.multi('TopK', [scores, emit.ints([count])], {}, { outputs: 2 })
  return [values!, indices!]
}

/** Whether a score is that of something that stays. */
export const isKept = (emit: OnnxEmitter, score: string): string =>
  emit.node('Greater', [score, emit.float(LOWEST)])
