import type { GraphBuilder } from '../graph/builder.ts'
import type { Value } from '../graph/graph.ts'
import { reduceMean } from '../graph/ops/reduce-mean.ts'
import { reshape } from '../graph/ops/reshape.ts'

/** [N,C,H,W] to [N,C]. */
export const globalAveragePool = (graph: GraphBuilder, x: Value): Value =>
  reshape(graph, reduceMean(graph, x, [2, 3]), x.type.shape.slice(0, 2))
