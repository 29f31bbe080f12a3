import { GraphBuilder } from '../../graph/builder.ts'
import { cut } from '../../graph/cut.ts'
import { gradient, pullBack } from '../../graph/gradient.ts'
import type { Graph, Value } from '../../graph/graph.ts'
import type { ForwardPass, Rewrites } from '../../graph/rewrites.ts'
import { addTo, gradientOf, type Named, read } from './state.ts'
import type { TrainTarget } from './train-target.ts'

/*
 * A supernet is trained part by part: every step samples other operations, and compiling a graph for it would take longer
 * than running it. Between programs, features and the gradients by them are in the state.
 */

/** The two programs of a part in a step. */
export interface ForwardBackward {
  readonly forward: Graph
  readonly backward: Graph
  /** Names in the state of activations that the backward pass reads. */
  readonly savedActivations: readonly string[]
}

interface PartStep {
  /** Of the saved activations. */
  readonly scope: string
  /** Features that the part reads. */
  readonly from: readonly Named[]
  readonly to: Named
  /** Whether it adds to the features, as others do, or is the only one that writes them. */
  readonly writes: 'add' | 'set'
  /** Whether the backward pass adds to the gradients by the features that the part reads. */
  readonly needsInputGradient: boolean
  readonly build: (
    graph: GraphBuilder,
    from: readonly Value[],
  ) => { readonly y: Value; readonly target: TrainTarget } & Pick<ForwardPass, 'momentsOf'>
  /** Of the engine that runs the programs. */
  readonly rewrites: Rewrites
}

/** A part between features, forward and backward. Both programs have the inputs that they use of those that `build` declares. */
export function partStep({
  scope,
  from,
  to,
  writes,
  needsInputGradient,
  build,
  rewrites,
}: PartStep): ForwardBackward {
  const graph = new GraphBuilder()
  const features = from.map((each) => ({ each, value: read(graph, each) }))
  const { y, target, ...known } = build(
    graph,
    features.map(({ value }) => value),
  )
  rewrites.apply({ graph, results: [y, ...target.values], ...known })
  if (writes === 'add') addTo(graph, to, y)
  else graph.update(to.name, y)
  const forward = new Set(graph.nodes)
  const isRead = (value: Value) => [...forward].some(({ inputs }) => inputs.includes(value))
  const sources = needsInputGradient ? features.filter(({ value }) => isRead(value)) : []
  const gradients = pullBack(graph, y, read(graph, gradientOf(to)), [
    ...target.values,
    ...sources.map(({ value }) => value),
  ])
  const ofTarget = target.values.length
  for (const [i, { each }] of sources.entries()) addTo(graph, gradientOf(each), gradients[ofTarget + i]!)
  const whole = graph.build(target.apply(gradients.slice(0, ofTarget)))
  const { first, second, savedActivations } = cut(whole, scope, (node) => forward.has(node))
  return { forward: first, backward: second, savedActivations }
}

interface LossStep {
  /** Features that the part reads, and is the only one to read. */
  readonly from: readonly Named[]
  readonly build: (
    graph: GraphBuilder,
    from: readonly Value[],
  ) => {
    readonly loss: Value
    readonly metrics: Readonly<Record<string, Value>>
    readonly target: TrainTarget
  }
  /** Of the engine that runs the program. */
  readonly rewrites: Rewrites
}

/** The part that ends in the loss, forward and backward in one program. Outputs: `loss`, metrics, those of the target. */
export function lossStep({ from, build, rewrites }: LossStep): Graph {
  const graph = new GraphBuilder()
  const values = from.map((each) => read(graph, each))
  const { loss, metrics, target } = build(graph, values)
  rewrites.apply({ graph, results: [loss, ...Object.values(metrics), ...target.values] })
  const gradients = gradient(graph, loss, [...values, ...target.values])
  for (const [i, each] of from.entries()) graph.update(gradientOf(each).name, gradients[i]!)
  return graph.build({ ...metrics, ...target.apply(gradients.slice(from.length)), loss })
}
