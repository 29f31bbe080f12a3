import { contentHash } from '../../hash.ts'
import { balanceOf } from '../../tasks/class-balance.ts'
import type { DpcRun } from './run.ts'
import { augmentationOf } from './settings.ts'

/** What determines the weights of the backbone: the file they come from, or all that they were trained with. */
export function backboneKey({ contract, config, dataset, backboneWeights }: DpcRun): string {
  const { network, width, outputStride, ...origin } = config.backbone
  return contentHash({
    contract,
    network,
    width,
    outputStride,
    origin:
      'weights' in origin
        ? { file: backboneWeights }
        : {
            pretrain: { ...origin.pretrain, ...augmentationOf(origin.pretrain) },
            dataset: dataset.fingerprint,
            seed: config.seed,
            engine: config.compute.engine,
            ...balanceOf(config),
            // A decoder is pretrained with the backbone, for as many channels as cells have.
            ...(config.decoder && { decoder: config.space.filters }),
          },
  })
}
