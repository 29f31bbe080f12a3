import { TrellisError } from '../../errors.ts'
import type { GraphBuilder } from '../../graph/builder.ts'
import type { Initialiser, Value } from '../../graph/graph.ts'
import { concat } from '../../graph/ops/concat.ts'
import { dropout } from '../../graph/ops/dropout.ts'
import { gridPool } from '../../graph/ops/grid-pool.ts'
import { resizeBilinear } from '../../graph/ops/resize-bilinear.ts'
import { slidingPool } from '../../graph/ops/sliding-pool.ts'
import { convBn, depthwiseBn, type LayerContext } from '../../nets/layers.ts'
import { type DpcGenotype, type DpcOperation, FEATURES } from './genotype.ts'

export interface CellOptions {
  /** Channels of every branch and of the cell's output; 256 in the paper. */
  readonly filters: number
  /**
   * `grid` averages over the cells of a g_h x g_w grid, as section 3.1 says; `sliding` over all windows of a grid
   * cell's size, as the authors' released code does. They are the same for 1x1.
   */
  readonly pyramidPooling: 'grid' | 'sliding'
  /** Stretches all rates: 1 at output stride 16, 2 at 8. */
  readonly rateMultiplier: number
}

// The authors' code, deeplab/core/utils.py.
const DEPTHWISE: Initialiser = { kind: 'truncated-normal', deviation: 0.33 }
const POINTWISE: Initialiser = { kind: 'truncated-normal', deviation: 0.06 }

/** What `dropoutNoise` must be drawn for. */
export const DROPPED_ONE_IN = 10

/**
 * A dense prediction cell (section 3.1): features [N,C,H,W] to [N,filters,H,W]. All branch outputs are concatenated and
 * projected. In training, one in ten of the concatenated numbers is dropped, and the graph takes the noise for that as
 * inputs `channelNoise` (int32 [N,branches*filters,1,1]) and `positionNoise` (int32 [N,1,H,W]).
 * @throws TrellisError `invalid-config` for a rate multiplier that is not a whole number from 1.
 */
export function buildCell(
  context: LayerContext,
  features: Value,
  { branches }: DpcGenotype,
  options: CellOptions,
): Value {
  const { graph, mode } = context
  const { filters, rateMultiplier } = options
  if (!Number.isInteger(rateMultiplier) || rateMultiplier < 1)
    throw new TrellisError('invalid-config', `rate multiplier ${rateMultiplier} stretches no rate`, {
      fix: 'use 1 at output stride 16, 2 at 8, 4 at 4',
    })
  return graph.within('cell', () => {
    const outputs: Value[] = []
    for (const [i, { input, operation }] of branches.entries())
      outputs.push(
        graph.within(`branch${i}`, () =>
          buildOperation(context, input === FEATURES ? features : outputs[input]!, operation, options),
        ),
      )
    const all = concat(graph, outputs, 1)
    return convBn(context, 'projection', mode === 'training' ? dropped(graph, all) : all, {
      channels: filters,
      activation: 'relu',
      initialiser: POINTWISE,
    })
  })
}

function buildOperation(
  context: LayerContext,
  x: Value,
  operation: DpcOperation,
  { filters, pyramidPooling, rateMultiplier }: CellOptions,
): Value {
  const { graph } = context
  const pointwise = (from: Value) =>
    convBn(context, 'pointwise', from, { channels: filters, activation: 'relu', initialiser: POINTWISE })
  switch (operation.kind) {
    case 'conv1x1':
      return pointwise(x)
    case 'atrous': {
      const [height, width] = operation.rate
      return pointwise(
        depthwiseBn(context, 'depthwise', x, {
          kernel: 3,
          dilation: [height * rateMultiplier, width * rateMultiplier],
          activation: 'relu',
          initialiser: DEPTHWISE,
        }),
      )
    }
    case 'pyramid-pooling': {
      const pooled =
        pyramidPooling === 'grid' ? gridPool(graph, x, operation.grid) : slidingPool(graph, x, operation.grid)
      return resizeBilinear(graph, pointwise(pooled), x, { alignCorners: true })
    }
  }
}

function dropped(graph: GraphBuilder, x: Value): Value {
  const [n, c, h, w] = x.type.shape as [number, number, number, number]
  const channelNoise = graph.input('channelNoise', { dtype: 'int32', shape: [n, c, 1, 1] })
  const positionNoise = graph.input('positionNoise', { dtype: 'int32', shape: [n, 1, h, w] })
  return dropout(graph, x, channelNoise, positionNoise, { oneIn: DROPPED_ONE_IN })
}
