import type { Detections } from '../boxes/detections.ts'
import type { Pixels, SampleRef } from '../data/dataset.ts'
import type { Engine } from '../engines/engine.ts'
import type { ImageScores } from '../metrics/bootstrap.ts'

/** What a network makes of an image: a class for each pixel, the probability of each class, or what it shows and where. */
export type Prediction =
  | { readonly kind: 'mask'; readonly height: number; readonly width: number; readonly labels: Uint8Array }
  | { readonly kind: 'class'; readonly probabilities: Float32Array }
  | ({ readonly kind: 'boxes' } & Detections)

/** Labelled images of a task, as its predictors read them. */
interface Images {
  load(ref: SampleRef): Promise<unknown>
}

/** A trained network, ready to be run on images of its task. */
export interface Predictor {
  /** Of all its predictions. */
  readonly kind: Prediction['kind']
  /**
   * Predicts labelled images and compares, for each that has labels. Undefined for a network whose outputs are not finite.
   */
  score(engine: Engine, images: Images, refs: readonly SampleRef[]): Promise<ImageScores | undefined>
  /** Predicts an image of any size. @throws TrellisError `trial-failed` where the outputs are not finite */
  predict(engine: Engine, image: Pixels): Promise<Prediction>
}
