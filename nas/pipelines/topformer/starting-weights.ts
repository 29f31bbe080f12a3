import type { Network } from '../../nets/layers.ts'
import { topformer } from '../../nets/topformer/network.ts'
import { networkOf } from '../../spaces/topformer/network.ts'
import { scaledTopformer } from '../../spaces/topformer/scaled.ts'
import { isOfBackbone, topformerSupernet } from '../../spaces/topformer/supernet.ts'
import type { Tensors } from '../../tensor.ts'
import { spaceOf } from './config.ts'
import type { TopformerRun } from './run.ts'
import type { TrainedNetwork, TrainSpec } from './specs.ts'

/*
 * Where a supernet is pretrained, all networks of a comparison start alike: with slices of its weights. A network of the space consists
 * of them, but for what is injected and the head. TopFormer scaled is no point of the space, but the same layers: each of its parameters
 * that is a slice starts as one, too, and its four transformer blocks as the first of the four stages.
 */

type Trained = Pick<TrainSpec, 'network' | 'attentionScale' | 'classes'>

/** The weights with which a network starts that are slices of those of a pretrained supernet; others start as they always do. */
export function startingWeights(
  { space }: NonNullable<TrainSpec['pretrained']>,
  trained: Trained,
  weights: Tensors,
): Tensors {
  const { inheritBy } = topformerSupernet({ ...trained, space })
  const slices = Object.entries(inheritBy(inStages(trained), weights))
  return Object.fromEntries(
    trained.network.kind === 'genotype' ? slices : slices.map(([name, tensor]) => [ofBlock(name), tensor]),
  )
}

/** The share of the parameters of a network that start so. */
export function shareStarted({ config, dataset }: TopformerRun, network: TrainedNetwork): number {
  const { attentionScale } = config
  const trained = { network, attentionScale, classes: dataset.classes.length }
  return topformerSupernet({ ...trained, space: spaceOf(config) }).shareOf(inStages(trained), isOfBackbone)
}

/** A network whose transformer blocks are named as those of a space, a stage each for the blocks of TopFormer. */
function inStages({ network, attentionScale, classes }: Trained): Network {
  if (network.kind === 'genotype') return topformer(networkOf(network.genotype, { attentionScale }), classes)
  const { transformers, ...scaled } = scaledTopformer(network.width, attentionScale)
  const stages = transformers.flatMap(({ depth, ...block }) => Array(depth).fill({ ...block, depth: 1 }))
  return topformer({ ...scaled, transformers: stages }, classes)
}

/** The name of a parameter of TopFormer, all of whose blocks are in one stage. */
const ofBlock = (name: string): string =>
  name.replace(/^semantics\/stage(\d+)\/block0\//, 'semantics/stage0/block$1/')
