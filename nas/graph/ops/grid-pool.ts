import type { GraphBuilder } from '../builder.ts'
import type { Value } from '../graph.ts'
import { cellMeans, cellsAlong } from '../onnx/dynamic-size.ts'
import { type Op, ShapeMismatch } from '../op.ts'
import { gridMeans } from '../pooling.ts'
import { separableGradient, separableOnnx, separableProduct, separableTensorFlow } from '../separable.ts'

type Pair = readonly [height: number, width: number]

interface Attributes {
  readonly grid: Pair
  /** Of the grid in a map that is the second input. */
  readonly stride?: number
}

const op: Op<Attributes> = {
  name: 'grid-pool',
  infer([x], { grid }) {
    if (x!.shape.length !== 4 || !grid.every((cells) => Number.isInteger(cells) && cells > 0))
      throw new ShapeMismatch(`needs [N,C,H,W] and a grid of at least one cell, got [${grid}]`)
    return [{ dtype: 'float32', shape: [x!.shape[0]!, x!.shape[1]!, ...grid] }]
  },
  gradient: ({ graph, attributes: { grid }, inputs: [x], gradients: [dy] }) => [
    separableGradient(graph, dy!, gridMeans(x!.type.shape, grid)),
  ],
  onnx: (emit, [x, like], { grid, stride }, { inputs: [type] }) => [
    emit.dynamic
      ? separableProduct(
          emit,
          x!,
          grid.map((cells, axis) =>
            cellMeans(
              emit,
              x!,
              2 + axis,
              like === undefined ? emit.int(cells) : cellsAlong(emit, like, 2 + axis, stride!),
            ),
          ),
        )
      : separableOnnx(emit, x!, gridMeans(type!.shape, grid)),
  ],
  tensorflow: (tf, [x], { grid }) => [separableTensorFlow(tf, x!, gridMeans(x!.shape, grid))],
}

/**
 * Spatial pyramid pooling at one level (DPC, section 4.1; He et al. 2014): the mean of each cell of a grid over the map, with
 * the cells of PyTorch's adaptive average pooling. Cell i of n along a length L covers floor(iL/n) up to ceil((i+1)L/n), so a grid may be
 * finer than the map.
 * @param grid cells, or a map of which the grid has a cell for each `stride` positions: a model of dynamic size then follows that map.
 * @param x [N,C,H,W]; @returns [N,C,gh,gw]
 */
export function gridPool(
  graph: GraphBuilder,
  x: Value,
  grid: Pair | { readonly like: Value; readonly stride: number },
): Value {
  if (!('like' in grid)) return graph.add(op, [x], { grid })[0]!
  const { like, stride } = grid
  const cells = (axis: number) => Math.floor((like.type.shape[axis]! - 1) / stride) + 1
  return graph.add(op, [x, like], { grid: [cells(2), cells(3)], stride })[0]!
}
