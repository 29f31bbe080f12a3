import { same } from '../../graph/convolution.ts'
import type { Initialiser, Value } from '../../graph/graph.ts'
import { add } from '../../graph/ops/add.ts'
import { conv2d } from '../../graph/ops/conv2d.ts'
import { mul } from '../../graph/ops/mul.ts'
import { relu } from '../../graph/ops/relu.ts'
import { convBn, type LayerContext } from '../../nets/layers.ts'
import type { Mixture } from './mixture.ts'
import { OPERATIONS } from './operators.ts'

export interface ModuleOptions {
  /** Of each level that a neck gives, and of what a cell of a head gives; 256 and 512 in the paper. */
  readonly channels: number
  /** Whether a normalisation follows each convolution that mixes channels. Never while searching (section 4.1). */
  readonly batchNorm: boolean
}

/** A map that operators read, and the same after ReLU, once for all convolutions that read it. */
export interface Source {
  readonly value: Value
  rectified(): Value
}

export function sourceOf({ graph }: LayerContext, value: Value): Source {
  let rectified: Value | undefined
  return { value, rectified: () => (rectified ??= relu(graph, value)) }
}

interface Filter {
  readonly channels: number
  readonly kernel: number
  readonly dilation?: number
  readonly depthwise?: boolean
  readonly initialiser: Initialiser
  readonly gate?: Value | undefined
}

/** A convolution alone, [N,C,H,W] to [N,channels,H,W]; a gate scales its filter, which is far smaller than its output. */
const convolution = ({ graph }: LayerContext, scope: string, x: Value, filter: Filter): Value =>
  graph.within(scope, () => {
    const { channels, kernel, dilation = 1, depthwise = false, initialiser, gate } = filter
    const weight = graph.parameter('weight', {
      dtype: 'float32',
      shape: [channels, depthwise ? 1 : x.type.shape[1]!, kernel, kernel],
      role: 'weight',
      decayed: !depthwise,
      initialiser,
    })
    const scaled = gate === undefined ? weight : mul(graph, weight, gate)
    return conv2d(
      graph,
      x,
      scaled,
      same([kernel, kernel], { dilation: [dilation, dilation], groups: depthwise ? channels : 1 }),
    )
  })

/** A convolution over all channels, normalised where the module is. */
export const mixing = (
  context: LayerContext,
  scope: string,
  x: Value,
  { batchNorm, ...filter }: Omit<Filter, 'depthwise' | 'dilation'> & { readonly batchNorm: boolean },
): Value => {
  if (!batchNorm) return convolution(context, scope, x, filter)
  const { channels, kernel, initialiser, gate } = filter
  const y = convBn(context, scope, x, { channels, kernel, initialiser, activation: 'linear' })
  // A normalisation would undo what scales its input.
  return gate === undefined ? y : mul(context.graph, y, gate)
}

/**
 * A link: its operators on a map [N,C,H,W], in the order of DARTS, ReLU first. Undefined for one without operators.
 * @param links how many add up where this one ends: without gates, initial weights are such that their sum has the variance of one.
 */
export function linked(
  context: LayerContext,
  source: Source,
  mixture: Mixture,
  { links, batchNorm }: { readonly links: number; readonly batchNorm: boolean },
): Value | undefined {
  const { graph } = context
  const channels = source.value.type.shape[1]!
  const terms = mixture.map(({ operator, gate }) => {
    const operation = OPERATIONS[operator]
    if (operation.kind === 'identity')
      return gate === undefined ? source.value : mul(graph, source.value, gate)
    const { kernel } = operation
    const share = gate === undefined ? links : 1
    return graph.within(operator, () =>
      operation.kind === 'conv'
        ? mixing(context, 'conv', source.rectified(), {
            channels,
            kernel,
            gate,
            batchNorm,
            initialiser: { kind: 'he-normal', fanOut: channels * kernel ** 2 * share },
          })
        : mixing(
            context,
            'pointwise',
            convolution(context, 'depthwise', source.rectified(), {
              channels,
              kernel,
              dilation: operation.dilation,
              depthwise: true,
              initialiser: { kind: 'he-normal', fanOut: kernel ** 2 },
            }),
            // The depthwise convolution has made up for the half that ReLU takes.
            {
              channels,
              kernel: 1,
              gate,
              batchNorm,
              initialiser: { kind: 'he-normal', fanOut: 2 * channels * share },
            },
          ),
    )
  })
  return total(context, terms)
}

/** Undefined for none. */
export const total = ({ graph }: LayerContext, terms: readonly Value[]): Value | undefined =>
  terms.length === 0 ? undefined : terms.reduce((sum, term) => add(graph, sum, term))
