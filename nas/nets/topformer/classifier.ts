import { concat } from '../../graph/ops/concat.ts'
import { classifier, type Network } from '../layers.ts'
import { backbone, type TopformerNetwork } from './network.ts'

/**
 * A TopFormer that classifies images, as it is pretrained: the tokens of the last transformer block are averaged over their positions,
 * and a linear layer reads the channels of all scales. [N,3,H,W] to logits [N,classes].
 */
export const topformerClassifier =
  (network: TopformerNetwork, classes: number): Network =>
  (context, image) => {
    const { global } = backbone(context, image, network)
    const widths = global.map(({ type }) => type.shape[1]!)
    return classifier(context, concat(context.graph, global, 1), classes, widths)
  }
