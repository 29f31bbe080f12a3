import { countDetector } from '../../nets/detection/count.ts'
import type { Detector } from '../../nets/detection/detector.ts'
import type { AutoFpnGenotype } from '../../spaces/auto-fpn/genotype.ts'
import { autoFpn } from '../../spaces/auto-fpn/network.ts'
import type { DetectorSpec } from './specs.ts'

type Sizes = Pick<DetectorSpec, 'backbone' | 'classes' | 'detector'>

/** The detector of a genotype, with the sizes that all detectors of a run share; null for FPN's neck and head. */
export const networkOf = (
  { backbone: { network, width }, classes, detector: { channels, hidden, cell } }: Sizes,
  genotype: AutoFpnGenotype | null,
  batchNorm: boolean,
): Detector =>
  autoFpn(genotype ?? {}, { network, width }, classes, {
    channels,
    width: hidden,
    cellChannels: cell,
    batchNorm,
  })

/** What a detector weighs, without normalisation: FPN has none. */
export function countsOf(
  sizes: Sizes & Pick<DetectorSpec, 'image'>,
  genotype: AutoFpnGenotype | null,
): { readonly neck: number; readonly head: number; readonly multiplyAdds: number } {
  const detector = networkOf(sizes, genotype, false)
  const { scopes, multiplyAdds } = countDetector(detector, [3, ...sizes.image], sizes.detector.proposals)
  return { neck: scopes.neck!.parameters, head: scopes.head!.parameters, multiplyAdds }
}
