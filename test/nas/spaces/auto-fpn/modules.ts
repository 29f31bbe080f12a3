import { GraphBuilder } from '../../../../nas/graph/builder.ts'
import type { Graph, Value } from '../../../../nas/graph/graph.ts'
import type { LayerContext } from '../../../../nas/nets/layers.ts'
import type { AutoFpnGenotype, HeadGenotype, NeckGenotype } from '../../../../nas/spaces/auto-fpn/genotype.ts'
import { CELL_LINKS, layerLinks } from '../../../../nas/spaces/auto-fpn/links.ts'
import type { HeadOperator, NeckOperator } from '../../../../nas/spaces/auto-fpn/operators.ts'
import { float32, type Tensor } from '../../../../nas/tensor.ts'

export const contextOf = (graph: GraphBuilder, mode: LayerContext['mode'] = 'evaluation'): LayerContext => ({
  graph,
  mode,
  batchNorm: { decay: 0.9, epsilon: 1e-5 },
})

/** A graph from maps by name to outputs by name. */
export function graphOf(
  maps: Readonly<Record<string, readonly number[]>>,
  build: (graph: GraphBuilder, ...maps: Value[]) => Readonly<Record<string, Value>>,
): Graph {
  const graph = new GraphBuilder()
  const inputs = Object.entries(maps).map(([name, shape]) => graph.input(name, { dtype: 'float32', shape }))
  return graph.build(build(graph, ...inputs))
}

/** Some links of a layer; all others have `none`. E.g. { '3to0': 'identity' } */
export const layer = (
  levels: number,
  links: Readonly<Record<string, NeckOperator>>,
): readonly NeckOperator[] =>
  layerLinks(levels).map(({ source, target }) => links[`${source}to${target}`] ?? 'none')

export const cell = (links: Readonly<Record<string, HeadOperator>>): readonly HeadOperator[] =>
  CELL_LINKS.map(({ source, target }) => links[`${source}to${target}`] ?? 'none')

export const neckOf = (levels: number, ...layers: readonly (readonly NeckOperator[])[]): NeckGenotype => ({
  levels,
  layers,
})

export const headOf = (...cells: readonly (readonly HeadOperator[])[]): HeadGenotype => ({ cells })

export const genotypeOf = (parts: {
  readonly neck?: NeckGenotype
  readonly head?: HeadGenotype
}): AutoFpnGenotype => ({ space: 'auto-fpn', version: 1, ...parts })

/** Weights that choose one operator of each link: what a softmax tends to. */
export const oneHot = (chosen: readonly string[], operators: readonly string[]): Tensor =>
  float32(
    [chosen.length, operators.length],
    chosen.flatMap((operator) => operators.map((each) => Number(each === operator))),
  )
