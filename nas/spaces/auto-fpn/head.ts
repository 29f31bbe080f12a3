import type { Value } from '../../graph/graph.ts'
import { broadcastTo } from '../../graph/ops/broadcast-to.ts'
import { concat } from '../../graph/ops/concat.ts'
import { reduceMean } from '../../graph/ops/reduce-mean.ts'
import { reshape } from '../../graph/ops/reshape.ts'
import { predictRegions, type RegionPredictions } from '../../nets/detection/head.ts'
import type { LayerContext } from '../../nets/layers.ts'
import { float32 } from '../../tensor.ts'
import type { HeadGenotype } from './genotype.ts'
import { linked, type ModuleOptions, mixing, type Source, sourceOf, total } from './layers.ts'
import { CELL_LINKS, INPUTS, NODES } from './links.ts'
import { liveHead } from './live.ts'
import { decoded, type Mixture, relaxed } from './mixture.ts'
import { HEAD_OPERATORS } from './operators.ts'

interface HeadOptions extends ModuleOptions {
  /** Without background. */
  readonly classes: number
}

/**
 * Auto-head (section 3.3): regions [R,C,7,7] to predictions. Cells are those of DARTS with all their links: ReLU and a 1x1
 * convolution give both inputs of a cell, the outputs of the two before it, a quarter of its channels; its four nodes are sums over
 * links, and side by side they are its output. Before the first cell there are the regions. The last output is averaged over its
 * places; linear layers predict from that. Parameters begin with `head/`.
 */
export const searchedHead = (
  context: LayerContext,
  regions: Value,
  head: HeadGenotype,
  options: HeadOptions,
): RegionPredictions =>
  headOf(
    context,
    regions,
    liveHead(head).cells.map((operators) => operators.map(decoded)),
    options,
  )

/**
 * The head with all operators of all links, while it is searched. Its weights have the names that they have in a decoded head.
 * @param beta softmax of the architecture parameters of each cell [14, 8]
 */
export const relaxedHead = (
  context: LayerContext,
  regions: Value,
  beta: readonly Value[],
  options: HeadOptions,
): RegionPredictions =>
  headOf(
    context,
    regions,
    beta.map((weights) => relaxed(context.graph, weights, HEAD_OPERATORS)),
    options,
  )

const headOf = (
  context: LayerContext,
  regions: Value,
  cells: readonly (readonly Mixture[])[],
  options: HeadOptions,
): RegionPredictions =>
  context.graph.within('head', () => {
    const outputs: (Value | undefined)[] = Array(INPUTS).fill(regions)
    for (const [m, mixtures] of cells.entries())
      outputs.push(
        context.graph.within(`cell${m}`, () => cellOf(context, outputs.slice(m), mixtures, options)),
      )
    return predictRegions(context, averaged(context, regions, outputs.at(-1), options), options.classes)
  })

/** Undefined for a cell without links, which is zero. */
function cellOf(
  context: LayerContext,
  before: readonly (Value | undefined)[],
  mixtures: readonly Mixture[],
  options: HeadOptions,
): Value | undefined {
  const { graph } = context
  const { batchNorm } = options
  const channels = options.channels / NODES
  const arriving = CELL_LINKS.map((link, i) => ({ ...link, mixture: mixtures[i]! })).filter(
    ({ mixture }) => mixture.length > 0,
  )
  if (arriving.length === 0) return undefined

  const sources: (Source | undefined)[] = before.map((x, input) => {
    if (!arriving.some(({ source }) => source === input)) return undefined
    const reduced = mixing(context, `input${input}`, sourceOf(context, x!).rectified(), {
      channels,
      kernel: 1,
      batchNorm,
      initialiser: { kind: 'he-normal', fanOut: x!.type.shape[1]! },
    })
    return sourceOf(context, reduced)
  })
  const nodes = Array.from({ length: NODES }, (_, node) => {
    const links = arriving.filter(({ target }) => target === node)
    const terms = links.map(
      ({ source, mixture }) =>
        graph.within(`node${node}/from${source}`, () =>
          linked(context, sources[source]!, mixture, { links: links.length, batchNorm }),
        )!,
    )
    const sum = total(context, terms)
    sources.push(sum && sourceOf(context, sum))
    return sum
  })
  const { shape } = nodes.find((node) => node !== undefined)!.type
  return concat(
    graph,
    nodes.map((node) => node ?? zeros(context, shape)),
    1,
  )
}

/** Global average pooling: [R,channels]. */
function averaged(
  context: LayerContext,
  regions: Value,
  output: Value | undefined,
  { channels }: ModuleOptions,
): Value {
  const shape = [regions.type.shape[0]!, channels]
  if (output === undefined) return zeros(context, shape)
  return reshape(context.graph, reduceMean(context.graph, output, [2, 3]), shape)
}

const zeros = ({ graph }: LayerContext, shape: readonly number[]): Value =>
  broadcastTo(
    graph,
    graph.constant(
      float32(
        shape.map(() => 1),
        [0],
      ),
    ),
    shape,
  )
