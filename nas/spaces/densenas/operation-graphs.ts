import { GraphBuilder } from '../../graph/builder.ts'
import { cost } from '../../graph/cost.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import { classifier, convBn, type LayerContext } from '../../nets/layers.ts'
import type { CostTable } from './expected-cost.ts'
import { LAYERS } from './operations.ts'
import { blocksOf, type DenseNasSpace } from './space.ts'

/** The images and classes of a search. */
export interface Task {
  /** Images at once. */
  readonly batch: number
  /** Their side, a multiple of the last stride of the space. */
  readonly image: number
  readonly classes: number
}

/** One graph for each operation of a space, by its place (see `PerOperation`). */
export interface OperationGraphs {
  /** What all networks have: stem and first block; classifier. */
  readonly fixed: readonly Graph[]
  readonly head: readonly (readonly (readonly Graph[])[])[]
  /** The last candidate, which skips the layer, is null: it costs nothing. */
  readonly stack: readonly (readonly (readonly (Graph | null)[])[])[]
}

export function operationGraphs(space: DenseNasSpace, { batch, image, classes }: Task): OperationGraphs {
  const blocks = blocksOf(space)
  const end = blocks.length - 1
  const featuresOf = (block: number) => {
    const { width, stride } = blocks[block]!
    return [batch, width, image / stride, image / stride]
  }
  const layers = (from: number, to: number) => {
    const [before, after] = [blocks[from]!, blocks[to]!]
    const options = { channels: after.width, stride: after.stride / before.stride }
    return space.operations.map((operation) =>
      alone(featuresOf(from), (context, x) => LAYERS[operation](context, x, options)),
    )
  }
  const last = (from: number) =>
    alone(featuresOf(from), (context, x) =>
      convBn(context, 'last', x, { channels: space.last, activation: 'relu6' }),
    )
  return {
    fixed: [
      alone([batch, 3, image, image], (context, x) => {
        const channels = blocks[0]!.width
        const stem = convBn(context, 'stem', x, { channels, kernel: 3, stride: 2, activation: 'relu6' })
        return LAYERS.mbconv_k3_t1(context, stem, { channels, stride: 1 })
      }),
      alone(featuresOf(end), (context, x) => classifier(context, x, classes)),
    ],
    head: blocks.map(({ inputs }, block) =>
      inputs.map((from) => (block === end ? [last(from)] : layers(from, block))),
    ),
    stack: blocks.map((block, i) => Array.from({ length: block.layers }, () => [...layers(i, i), null])),
  }
}

/** From `x` to `y`. */
function alone(shape: readonly number[], layer: (context: LayerContext, x: Value) => Value): Graph {
  const graph = new GraphBuilder()
  const context = { graph, mode: 'evaluation', batchNorm: { decay: 0, epsilon: 1e-3 } } as const
  return graph.build({ y: layer(context, graph.input('x', { dtype: 'float32', shape })) })
}

/** The multiply-adds of all operations, for one image. */
export const multiplyAddsTable = (space: DenseNasSpace, task: Omit<Task, 'batch'>): CostTable =>
  tableOf(operationGraphs(space, { ...task, batch: 1 }), 'multiplyAdds')

/** The multiply-adds of all operations, and the bytes that they read and write, for one image. */
export function workTables(space: DenseNasSpace, task: Omit<Task, 'batch'>) {
  const graphs = operationGraphs(space, { ...task, batch: 1 })
  return { multiplyAdds: tableOf(graphs, 'multiplyAdds'), memoryTraffic: tableOf(graphs, 'memoryTraffic') }
}

function tableOf({ fixed, head, stack }: OperationGraphs, of: 'multiplyAdds' | 'memoryTraffic'): CostTable {
  const count = (graph: Graph | null) => (graph === null ? 0 : cost(graph)[of])
  const counts = (places: OperationGraphs['stack']) =>
    places.map((layers) => layers.map((candidates) => candidates.map(count)))
  return {
    fixed: fixed.map(count).reduce((sum, each) => sum + each, 0),
    head: counts(head),
    stack: counts(stack),
  }
}
