import type { AnchorOptions } from '../../boxes/anchors.ts'
import type { MatchOptions } from '../../boxes/match.ts'
import type { ProposalOptions } from '../../boxes/proposals.ts'
import type { SampleOptions } from '../../boxes/sample.ts'

/** How a two-stage detector proposes regions and learns from them; numbers of images and pixels are its user's. */
export interface DetectorOptions {
  /** Classes without the background. */
  readonly classes: number
  readonly anchors: AnchorOptions
  readonly anchorMatch: MatchOptions
  readonly anchorSample: SampleOptions
  readonly regionMatch: MatchOptions
  /** Regions of an image that the head learns from; a graph has room for `size` of them, whether there are so many or not. */
  readonly regionSample: SampleOptions
  readonly proposals: {
    readonly training: ProposalOptions
    readonly evaluation: ProposalOptions
  }
}
