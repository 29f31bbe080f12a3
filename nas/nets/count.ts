import { TrellisError } from '../errors.ts'
import { GraphBuilder } from '../graph/builder.ts'
import { type Cost, cost } from '../graph/cost.ts'
import type { Graph } from '../graph/graph.ts'
import type { DenseNasGenotype } from '../spaces/densenas/genotype.ts'
import { KNOWN_DENSENAS } from '../spaces/densenas/known.ts'
import { denseNas } from '../spaces/densenas/network.ts'
import { buildCell, type CellOptions } from '../spaces/dpc/cell.ts'
import type { DpcGenotype } from '../spaces/dpc/genotype.ts'
import { KNOWN_CELLS } from '../spaces/dpc/known.ts'
import type { LayerContext, Network } from './layers.ts'
import { mobileNetV2 } from './mobilenet-v2.ts'
import { resNet50 } from './resnet.ts'

/** `parameters` are all that is trained, `convolutionWeights` leave out normalisation, biases and linear layers. */
export type Counts = Pick<Cost, 'parameters' | 'convolutionWeights' | 'multiplyAdds'>

/** Of the whole, and of the parts that a paper counts by themselves. */
export interface NetworkCounts extends Counts {
  readonly scopes: Readonly<Record<string, Counts>>
}

/** Of ImageNet. */
const classes = 1000

const derived =
  (genotype: DenseNasGenotype): Network =>
  (context, image) =>
    denseNas(context, image, genotype, { classes })

const CLASSIFIERS = {
  'mobilenet-v2': (context, image) => mobileNetV2(context, image, { width: 1, classes }),
  'resnet-50': (context, image) => resNet50(context, image, { classes }),
  'densenas-v1-c': derived(KNOWN_DENSENAS['densenas-v1-c']),
  'densenas-c': derived(KNOWN_DENSENAS['densenas-c']),
} as const satisfies Record<string, Network>

const PUBLISHED_CELL: CellOptions = { filters: 256, pyramidPooling: 'grid', rateMultiplier: 1 }

export type NetworkName = keyof typeof CLASSIFIERS | keyof typeof KNOWN_CELLS

/** What `countNetwork` knows by name. */
export const NETWORK_NAMES = [...Object.keys(CLASSIFIERS), ...Object.keys(KNOWN_CELLS)] as NetworkName[]

/**
 * Counts for a batch of one, from shapes alone: nothing is allocated.
 *
 * A classifier's input is an image. A cell's is the features of its backbone; its `branches` and its `projection` are
 * counted by themselves too, since Table 1 of the DPC paper counts the branches alone.
 * @param input [C,H,W].
 * @throws TrellisError `invalid-config` for a classifier of other than 3 channels.
 */
export function countNetwork(
  network: NetworkName | DpcGenotype | DenseNasGenotype,
  input: readonly [channels: number, height: number, width: number],
): NetworkCounts {
  if (typeof network !== 'string')
    return network.space === 'dpc' ? countCell(network, input) : countClassifier(derived(network), input)
  return network in KNOWN_CELLS
    ? countCell(KNOWN_CELLS[network as keyof typeof KNOWN_CELLS], input)
    : countClassifier(CLASSIFIERS[network as keyof typeof CLASSIFIERS], input)
}

function countClassifier(network: Network, input: readonly number[]): NetworkCounts {
  if (input[0] !== 3)
    throw new TrellisError('invalid-config', `a classifier sees images of 3 channels, not of ${input[0]}`, {
      fix: 'give its input as 3xHxW',
    })
  return { ...counts([cost(build(network, input))]), scopes: {} }
}

function countCell(genotype: DpcGenotype, input: readonly number[]): NetworkCounts {
  const graph = build((context, features) => buildCell(context, features, genotype, PUBLISHED_CELL), input)
  const branches = genotype.branches.map((_, i) => cost(graph, `cell/branch${i}`))
  return {
    ...counts([cost(graph)]),
    scopes: { branches: counts(branches), projection: counts([cost(graph, 'cell/projection')]) },
  }
}

function build(network: Network, shape: readonly number[]): Graph {
  const graph = new GraphBuilder()
  const context: LayerContext = { graph, mode: 'evaluation', batchNorm: { decay: 0.9997, epsilon: 1e-5 } }
  const input = graph.input('input', { dtype: 'float32', shape: [1, ...shape] })
  return graph.build({ output: network(context, input) })
}

const counts = (costs: readonly Cost[]): Counts => {
  const sum = (of: keyof Counts) => costs.reduce((total, each) => total + each[of], 0)
  return {
    parameters: sum('parameters'),
    convolutionWeights: sum('convolutionWeights'),
    multiplyAdds: sum('multiplyAdds'),
  }
}
