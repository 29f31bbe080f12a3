import { cost } from '../../graph/cost.ts'
import type { Graph } from '../../graph/graph.ts'
import { sizeOf } from '../../tensor.ts'
import { checkImage, countsOf, graphOf, type NetworkCounts } from '../count.ts'
import { type TopformerNetwork, topformer } from './network.ts'

export interface TopformerCounts extends NetworkCounts {
  /** What mmcv's counter gives, by which the paper's limit is meant: see {@link mmcvFlops}. */
  readonly mmcvFlops: number
}

/**
 * Counts for a batch of one, of the whole and by `pyramid`, `semantics`, `injection` and `head`, from shapes alone: nothing is
 * allocated.
 * @param input [C,H,W] of the image
 * @throws TrellisError `invalid-config` for other than 3 channels
 */
export function countTopformer(
  network: TopformerNetwork,
  input: readonly number[],
  classes: number,
): TopformerCounts {
  checkImage('segmentation network', input)
  const graph = graphOf(topformer(network, classes), input)
  const scopes = ['pyramid', 'semantics', 'injection', 'head'].map(
    (scope) => [scope, countsOf([cost(graph, scope)])] as const,
  )
  return {
    ...countsOf([cost(graph)]),
    scopes: Object.fromEntries(scopes),
    classes,
    mmcvFlops: mmcvFlops(graph),
  }
}

/**
 * The FLOPs of mmcv's `get_model_complexity_info`: multiply-adds of convolutions, one for each output with a bias, two for each
 * normalised number, one for each activated one. Functions that are no modules (products of attention, interpolation) count nothing.
 */
export function mmcvFlops({ nodes, parameters }: Graph): number {
  const learned = new Set([...parameters.values()].map(({ value }) => value.id))
  return nodes.reduce((total, { op, attributes, inputs, outputs }) => {
    const types = { inputs: inputs.map(({ type }) => type), outputs: outputs.map(({ type }) => type) }
    const size = sizeOf(outputs[0]!.type.shape)
    switch (op.name) {
      case 'conv2d':
        return total + op.multiplyAdds!(types, attributes)
      case 'batch-norm-inference':
        return total + 2 * size
      case 'relu':
      case 'relu6':
        return total + size
      case 'add':
        return total + (learned.has(inputs[1]!.id) ? size : 0)
      default:
        return total
    }
  }, 0)
}
