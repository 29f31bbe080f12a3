import type { AnchorOptions } from '../../boxes/anchors.ts'
import type { MatchOptions } from '../../boxes/match.ts'
import type { ProposalOptions } from '../../boxes/proposals.ts'
import type { SampleOptions } from '../../boxes/sample.ts'
import type { OneStageDetector, TwoStageDetector } from '../../nets/detection/detector.ts'

/** How a two-stage detector proposes regions and learns from them; numbers of images and pixels are its user's. */
export interface TwoStageOptions {
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

/** How a one-stage detector learns from anchors, and finds things by them. */
export interface OneStageOptions {
  /** Classes without the background. */
  readonly classes: number
  /** Of each level. */
  readonly anchors: readonly AnchorOptions[]
  /** Anchors of the background that are learnt from, for each that matches something. */
  readonly negatives: number
  /** The likeliest anchors of an image in evaluation, before suppression. */
  readonly candidates: number
}

/** A detector with how it learns and finds. */
export type TrainableDetector =
  | (TwoStageDetector & { readonly options: TwoStageOptions })
  | (OneStageDetector & { readonly options: OneStageOptions })
