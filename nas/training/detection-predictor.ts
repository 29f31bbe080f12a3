import { boxAt } from '../boxes/boxes.ts'
import type { Detections } from '../boxes/detections.ts'
import type { SampleRef } from '../data/dataset.ts'
import { isClear } from '../data/detection/count-boxes.ts'
import type { DetectionDataset, DetectionSample } from '../data/detection/dataset.ts'
import { type CocoDetection, type CocoTruth, cocoDetection, cocoTruth } from '../metrics/detection/boxes.ts'
import { meanAveragePrecision } from '../metrics/detection/coco.ts'
import { matchImage } from '../metrics/detection/match.ts'
import { type Pool, pool } from '../metrics/detection/pool.ts'
import { type RunningDetector, type TrainedDetector, withDetector } from './detection/evaluate.ts'
import { notFiniteError } from './finite.ts'
import type { Predictor } from './predictor.ts'

type Images = Pick<DetectionDataset, 'load'>

export const detectionPredictor = (trained: TrainedDetector): Predictor => ({
  kind: 'boxes',
  async score(engine, dataset: Images, refs) {
    const found = await withDetector(engine, trained, (running) => detectAll(running, dataset, refs))
    return found && { images: refs.length, scoreOf: (drawn) => averagePrecision(found, drawn) }
  },
  async predict(engine, { height, width, data }) {
    const found = await withDetector(engine, trained, (running) =>
      running.detect({ height, width, image: data }),
    )
    if (found === undefined) throw notFiniteError()
    return { kind: 'boxes', ...found }
  },
})

/**
 * What a detector finds in images, matched with what they show. Undefined for a network whose outputs are not finite.
 * @param onImage told of each
 */
export async function detectAll(
  running: RunningDetector,
  dataset: Images,
  refs: readonly SampleRef[],
  onImage: (sample: DetectionSample, found: Detections) => void | Promise<void> = () => {},
): Promise<Pool | undefined> {
  const images = []
  for (const [image, ref] of refs.entries()) {
    const sample = await dataset.load(ref)
    const found = await running.detect(sample)
    if (found === undefined) break
    await onImage(sample, found)
    images.push(matchImage(truthsOf(sample, image), detectionsOf(found, image)))
  }
  return images.length < refs.length ? undefined : pool(images)
}

const truthsOf = ({ boxes }: DetectionSample, image: number): readonly CocoTruth[] =>
  // COCO has no boxes that are hard to tell; they count as its crowds do.
  boxes.map((box) => cocoTruth({ ...box, image, crowd: !isClear(box) }))

const detectionsOf = ({ boxes, scores, labels }: Detections, image: number): readonly CocoDetection[] =>
  Array.from(scores, (score, i) => cocoDetection({ image, label: labels[i]!, box: boxAt(boxes, i), score }))

/** COCO's AP over drawn images; 0 where they show nothing. */
function averagePrecision(found: Pool, drawn: readonly number[]): number {
  const times = new Uint16Array(found.images)
  for (const image of drawn) times[image]!++
  return meanAveragePrecision(found, times) ?? 0
}
