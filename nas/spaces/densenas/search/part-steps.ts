import { GraphBuilder } from '../../../graph/builder.ts'
import { cut, type Halves } from '../../../graph/cut.ts'
import { gradient, pullBack } from '../../../graph/gradient.ts'
import type { Graph, Value } from '../../../graph/graph.ts'
import { add } from '../../../graph/ops/add.ts'
import type { Moments } from '../../../graph/ops/moments.ts'
import { mul } from '../../../graph/ops/mul.ts'
import { softmaxCrossEntropy } from '../../../graph/ops/softmax-cross-entropy.ts'
import { EPSILON, NONE_IGNORED } from '../../../training/classification.ts'
import type { Optimiser, Trained } from '../../../training/optimiser.ts'
import type { Features, Part } from '../../../training/parts/part.ts'

/*
 * A supernet is trained part by part: every step samples other operations, and to compile a graph for it would take longer
 * than to run it. Between programs, features and the gradients by them are in the state. What a part adds to is zero at first.
 */

/** What a step updates: weights, or what the gates of operations depend on. */
export type Learning =
  | { readonly kind: 'weights'; readonly optimiser: Optimiser }
  | { readonly kind: 'architecture' }

const SCALAR = { dtype: 'float32', shape: [] } as const

export const gradientBy = ({ name, shape }: Features): Features => ({ name: `${name}:gradient`, shape })

/** What operations read of features: these, and their mean [C] and second moment [C,C], by which all that widen them normalise. */
export const readOf = (features: Features): readonly [Features, Features, Features] => {
  const { name, shape } = features
  const c = shape[1]!
  return [features, { name: `${name}:mean`, shape: [c] }, { name: `${name}:second`, shape: [c, c] }]
}

/**
 * An operation between features: to += gate · operation(from), and backwards.
 *
 * Both halves take `gate`. The second takes `learningRate` and updates the weights, or gives `gateGradient`.
 * @param learns whether what made the features learns from the gradient by them
 */
export function operationStep(
  part: Part & { readonly from: Features; readonly to: Features },
  learning: Learning,
  learns: boolean,
): Halves {
  const graph = new GraphBuilder()
  const from = readOf(part.from).map((features) => ({ features, value: featuresIn(graph, features) }))
  const [x, mean, second] = from.map(({ value }) => value) as [Value, Value, Value]
  const gate = graph.input('gate', SCALAR)
  const y = mul(graph, apply(graph, part, x, { mean, second }), gate)
  addTo(graph, part.to, y)
  const forward = new Set(graph.nodes)
  const dy = featuresIn(graph, gradientBy(part.to))
  const architecture = learning.kind === 'architecture'
  const trained = architecture ? [] : weightsOf(graph)
  const targets = architecture ? [gate] : trained.map(({ value }) => value)
  const isRead = (value: Value) => [...forward].some(({ inputs }) => inputs.includes(value))
  const sources = learns ? from.filter(({ value }) => isRead(value)) : []
  const gradients = pullBack(graph, y, dy, [...targets, ...sources.map(({ value }) => value)])
  for (const [i, { features }] of sources.entries())
    addTo(graph, gradientBy(features), gradients[targets.length + i]!)
  update(graph, learning, trained, gradients.slice(0, trained.length))
  const whole = graph.build(architecture ? { gateGradient: gradients[0]! } : {})
  return cut(whole, part.scope, (node) => forward.has(node))
}

/** What makes features of the input `image`, and backwards. For the architecture, only the first half is of use. */
export function stemStep(
  part: Part & { readonly to: Features },
  image: readonly number[],
  learning: Learning,
): Halves {
  const graph = new GraphBuilder()
  const y = apply(graph, part, graph.input('image', { dtype: 'float32', shape: image }))
  graph.update(part.to.name, y)
  const forward = new Set(graph.nodes)
  if (learning.kind === 'weights') {
    const trained = weightsOf(graph)
    const dy = featuresIn(graph, gradientBy(part.to))
    const values = trained.map(({ value }) => value)
    update(graph, learning, trained, pullBack(graph, y, dy, values))
  }
  return cut(graph.build({}), part.scope, (node) => forward.has(node))
}

/**
 * What makes logits [N,classes] of features: forward, loss, and backwards. Takes int32 `labels` [N], and `learningRate` to
 * update the weights; gives `loss` and `logits`.
 */
export function classifierStep(
  part: Part & { readonly from: Features },
  learning: Learning,
  { labelSmoothing }: { readonly labelSmoothing: number },
): Graph {
  const graph = new GraphBuilder()
  const x = featuresIn(graph, part.from)
  const logits = apply(graph, part, x)
  const labels = graph.input('labels', { dtype: 'int32', shape: [part.from.shape[0]!] })
  const loss = softmaxCrossEntropy(graph, logits, labels, { ignoreLabel: NONE_IGNORED, labelSmoothing })
  const trained = learning.kind === 'weights' ? weightsOf(graph) : []
  const [dx, ...gradients] = gradient(graph, loss, [x, ...trained.map(({ value }) => value)])
  graph.update(gradientBy(part.from).name, dx!)
  update(graph, learning, trained, gradients)
  return graph.build({ loss, logits })
}

const apply = (graph: GraphBuilder, { scope, build }: Part, x: Value, known?: Moments): Value => {
  const moments = (value: Value) => (value === x ? known : undefined)
  const batchNorm = { decay: 0, epsilon: EPSILON }
  return graph.within(scope, () => build({ graph, mode: 'search', batchNorm, moments }, x))
}

export const featuresIn = (graph: GraphBuilder, { name, shape }: Features): Value =>
  graph.parameter(name, {
    dtype: 'float32',
    shape,
    role: 'feature',
    initialiser: { kind: 'constant', value: 0 },
  })

export const addTo = (graph: GraphBuilder, features: Features, value: Value): void =>
  graph.update(features.name, add(graph, featuresIn(graph, features), value))

const weightsOf = (graph: GraphBuilder): Trained[] =>
  [...graph.parameters.values()].filter(({ parameter: { role } }) => role === 'weight' || role === 'norm')

function update(
  graph: GraphBuilder,
  learning: Learning,
  trained: readonly Trained[],
  gradients: readonly Value[],
): void {
  if (learning.kind === 'weights' && trained.length > 0)
    learning.optimiser(graph, trained, gradients, graph.input('learningRate', SCALAR))
}
