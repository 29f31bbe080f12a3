import type { Pixels, SampleRef } from '../data/dataset.ts'
import type { Engine } from '../engines/engine.ts'
import type { ImageCounts } from '../metrics/bootstrap.ts'

/** What a network makes of an image: a class for each pixel, or the probability of each class. */
export type Prediction =
  | { readonly kind: 'mask'; readonly height: number; readonly width: number; readonly labels: Uint8Array }
  | { readonly kind: 'class'; readonly probabilities: Float32Array }

/** Labelled images of a task, as its predictors read them. */
interface Images {
  load(ref: SampleRef): Promise<unknown>
}

/** A trained network, ready to be run on images of its task. */
export interface Predictor {
  /** Of all its predictions. */
  readonly kind: Prediction['kind']
  /**
   * Predicts labelled images and counts, for each that has labels, what is right. Undefined for a network whose outputs are
   * not finite.
   */
  count(engine: Engine, images: Images, refs: readonly SampleRef[]): Promise<ImageCounts | undefined>
  /** Predicts an image of any size. @throws TrellisError `trial-failed` where the outputs are not finite */
  predict(engine: Engine, image: Pixels): Promise<Prediction>
}
