import { countDetector } from '../../nets/detection/count.ts'
import type { PyramidBackbone } from '../../nets/detection/pyramid.ts'
import type { AutoFpnGenotype } from '../../spaces/auto-fpn/genotype.ts'
import { autoFpn, autoSsd } from '../../spaces/auto-fpn/network.ts'
import type { TrainableDetector } from '../../training/detection/detector.ts'
import { oneStageOptions } from '../../training/detection/one-stage/options.ts'
import { twoStageOptions } from '../../training/detection/options.ts'
import { isOneStage } from './settings.ts'
import type { DetectorSpec } from './specs.ts'

interface Sizes extends Pick<DetectorSpec, 'classes' | 'detector'> {
  readonly backbone: Pick<DetectorSpec['backbone'], 'network' | 'width'>
}

/**
 * The detector of a genotype, with the sizes that all detectors of a run share; null for FPN's neck, and FPN's head where there are
 * two stages.
 */
export function networkOf(
  { backbone: { network, width }, classes, detector }: Sizes,
  genotype: AutoFpnGenotype | null,
  batchNorm: boolean,
): TrainableDetector {
  const backbone = { network, width }
  if (isOneStage(detector))
    return {
      ...autoSsd(genotype ?? {}, backbone, classes, { ...detector, batchNorm }),
      options: oneStageOptions({ classes, ...detector }),
    }
  const { channels, hidden, cell } = detector
  const sizes = { channels, width: hidden, cellChannels: cell, batchNorm }
  return {
    ...autoFpn(genotype ?? {}, backbone, classes, sizes),
    options: twoStageOptions({ classes, ...detector }),
  }
}

/** The backbone with the levels that are read of it. */
export const pyramidOf = (sizes: Omit<Sizes, 'classes'>): PyramidBackbone =>
  networkOf({ ...sizes, classes: 1 }, null, false).backbone

/** What a detector weighs, without normalisation: FPN has none. */
export function countsOf(
  sizes: Sizes & Pick<DetectorSpec, 'image'>,
  genotype: AutoFpnGenotype | null,
): { readonly neck: number; readonly head: number; readonly multiplyAdds: number } {
  const { image, detector } = sizes
  const network = networkOf(sizes, genotype, false)
  const regions = isOneStage(detector) ? undefined : detector.proposals
  const { scopes, multiplyAdds } = countDetector(network, [3, ...image], regions)
  return { neck: scopes.neck!.parameters, head: scopes.head!.parameters, multiplyAdds }
}
