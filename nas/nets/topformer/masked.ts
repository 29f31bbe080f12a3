import type { GraphBuilder } from '../../graph/builder.ts'
import type { Value } from '../../graph/graph.ts'
import { mul } from '../../graph/ops/mul.ts'

/** Channels that are switched off have zeros, and give no gradient to what they are computed from. */
export const masked = (graph: GraphBuilder, x: Value, mask: Value | undefined): Value =>
  mask === undefined ? x : mul(graph, x, mask)
