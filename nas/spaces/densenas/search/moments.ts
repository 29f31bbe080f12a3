import { GraphBuilder } from '../../../graph/builder.ts'
import type { Graph } from '../../../graph/graph.ts'
import { add } from '../../../graph/ops/add.ts'
import { moments, momentsGradient } from '../../../graph/ops/moments.ts'
import type { Rewrites } from '../../../graph/rewrites.ts'
import { reduce } from '../../../training/parts/accumulators.ts'
import type { Features } from '../../../training/parts/part.ts'
import { gradientOf, type Named, type Names, read } from '../../../training/parts/state.ts'

/*
 * Where operations that expand features normalise by the moments of what they read, these are computed once, when
 * the features are reduced; the gradients by the moments join those by the features when these are reduced.
 */

/** Features, their mean [C], and their covariance [C,C]. */
const withMoments = ({ name, shape }: Features): readonly [Named, Named, Named] => {
  const c = shape[1]!
  return [
    { name, shape },
    { name: `${name}:mean`, shape: [c] },
    { name: `${name}:covariance`, shape: [c, c] },
  ]
}

/** What operations read of features. */
export const readOf = (features: Features, { byMoments }: Pick<Rewrites, 'byMoments'>): readonly Named[] =>
  byMoments ? withMoments(features) : [features]

/** Accumulators to which operations that read features add in the backward pass. */
export const gradientsOf = (features: Features, rewrites: Pick<Rewrites, 'byMoments'>): readonly Named[] =>
  readOf(features, rewrites).map(gradientOf)

/** Graphs that reduce features, and gradients by features. Features of one shape share them. */
export interface Reductions {
  readonly features: (
    shape: readonly number[],
    options: { readonly hasSecond: boolean; readonly needsMoments: boolean },
  ) => Graph
  readonly gradients: (shape: readonly number[], options: { readonly hasSecond: boolean }) => Graph
}

/** The features in the graph of a reduction. */
const NAME = 'features'

/** Names in the state for a reduction of the features. */
export const namesFor = ({ name }: Features, { parameters, updates }: Graph): Names =>
  new Map([...parameters.keys(), ...updates.keys()].map((each) => [each, name + each.slice(NAME.length)]))

export const reductions = (rewrites: Pick<Rewrites, 'byMoments'>): Reductions => ({
  features: byShape((shape, { hasSecond, needsMoments }) => {
    const graph = new GraphBuilder()
    const [features, mean, covariance] = withMoments({ name: NAME, shape })
    const sum = reduce(graph, features, hasSecond)
    if (hasSecond) graph.update(features.name, sum)
    if (needsMoments) {
      const computed = moments(graph, sum)
      graph.update(mean.name, computed.mean)
      graph.update(covariance.name, computed.covariance)
    }
    return graph.build({})
  }),
  gradients: byShape((shape, { hasSecond }) => {
    const graph = new GraphBuilder()
    const features = { name: NAME, shape }
    const ofFeatures = gradientOf(features).name
    if (!rewrites.byMoments) {
      graph.update(ofFeatures, reduce(graph, gradientOf(features), hasSecond))
      return graph.build({})
    }
    const [x, mean] = withMoments(features).map((each) => read(graph, each))
    const [direct, byMean, byCovariance] = gradientsOf(features, rewrites).map((each) =>
      reduce(graph, each, hasSecond),
    )
    const throughMoments = momentsGradient(graph, x!, mean!, byMean!, byCovariance!)
    graph.update(ofFeatures, add(graph, direct!, throughMoments))
    return graph.build({})
  }),
})

/** One graph for equal shapes and options. */
function byShape<Options>(make: (shape: readonly number[], options: Options) => Graph) {
  const known = new Map<string, Graph>()
  return (shape: readonly number[], options: Options): Graph => {
    const key = JSON.stringify([shape, options])
    const graph = known.get(key) ?? make(shape, options)
    known.set(key, graph)
    return graph
  }
}
