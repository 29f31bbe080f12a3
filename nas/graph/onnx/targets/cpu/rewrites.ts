import type { GraphBuilder } from '../../../builder.ts'
import { type Convolution, isPointwise } from '../../../convolution.ts'
import type { Node, Value } from '../../../graph.ts'
import { batchNorm } from '../../../ops/batch-norm.ts'
import type { Normalisation } from '../../../ops/batch-norm-gradient.ts'
import type { ForwardPass, Rewrites } from '../../../rewrites.ts'
import { normalisedPointwise } from './normalised-pointwise.ts'

/** A layer that normalises by statistics of the batch: nothing else reads what is between its nodes. */
interface NormalisedLayer {
  readonly convolution: Node
  readonly normalisation: Node
  readonly activation: Node
}

/** Caps of activations, by their names. */
const CAPS: Readonly<Record<string, number>> = { relu: Infinity, relu6: 6 }

/** For fewer passes over memory, forward and backward. */
export const cpuRewrites: Rewrites = {
  byMoments: true,
  apply({ graph, results, momentsOf = () => undefined }) {
    for (const layer of normalisedLayers(graph, results)) rewrite(graph, layer, momentsOf)
  },
}

/**
 * A 1x1 convolution that expands is normalised by moments of what it reads. After one filter a channel, normalisation and activation
 * are one, whose gradient reads its input alone.
 */
function rewrite(
  graph: GraphBuilder,
  { convolution, normalisation, activation }: NormalisedLayer,
  momentsOf: NonNullable<ForwardPass['momentsOf']>,
): void {
  const [x, weight] = convolution.inputs as [Value, Value]
  const [convolved, gamma, beta] = normalisation.inputs as [Value, Value, Value]
  const [filters, perGroup] = weight.type.shape as [number, number]
  const attributes = convolution.attributes as Convolution
  const { epsilon } = normalisation.attributes as Normalisation
  const options = { epsilon, cap: CAPS[activation.op.name]! }
  const values = [...activation.outputs, ...normalisation.outputs.slice(1)]
  const valuesOf = ({ y, mean, variance }: ReturnType<typeof batchNorm>) => [y, mean, variance]
  if (isPointwise(weight.type.shape, attributes) && filters > perGroup)
    graph.replace([convolution, normalisation, activation], values, () =>
      valuesOf(normalisedPointwise(graph, x, weight, gamma, beta, { ...options, ofInput: momentsOf(x) })),
    )
  else if (attributes.groups === filters)
    graph.replace([normalisation, activation], values, () =>
      valuesOf(batchNorm(graph, convolved, gamma, beta, options)),
    )
}

/**
 * Layers are told by the scope that their nodes share: an activation that begins the next layer, as Xception's do, could be fused as
 * well, which would change results by rounding.
 */
function normalisedLayers(graph: GraphBuilder, results: readonly Value[]): readonly NormalisedLayer[] {
  const readers = new Map<number, Node[]>()
  for (const node of graph.nodes)
    for (const { id } of node.inputs) readers.set(id, [...(readers.get(id) ?? []), node])
  const kept = new Set([...results, ...graph.updates.values()].map(({ id }) => id))
  const soleReader = ({ outputs: [y], scope }: Node): Node | undefined => {
    const [reader, ...others] = readers.get(y!.id) ?? []
    return others.length === 0 && !kept.has(y!.id) && reader?.scope === scope ? reader : undefined
  }
  return graph.nodes.flatMap((convolution) => {
    if (convolution.op.name !== 'conv2d') return []
    const normalisation = soleReader(convolution)
    const isPlain = (normalisation?.attributes as Normalisation | undefined)?.cap === undefined
    if (normalisation?.op.name !== 'batch-norm' || !isPlain) return []
    const activation = soleReader(normalisation)
    return activation !== undefined && activation.op.name in CAPS
      ? [{ convolution, normalisation, activation }]
      : []
  })
}
