import sharp from 'sharp'
import { type Box, boxAt } from '../nas/boxes/boxes.ts'
import type { Detections } from '../nas/boxes/detections.ts'
import type { Pixels } from '../nas/data/dataset.ts'
import type { DetectionDataset, DetectionSample } from '../nas/data/detection/dataset.ts'
import { boxColours, drawBoxes } from '../nas/data/detection/draw.ts'
import { trialKeys } from '../nas/runs/keys.ts'
import type { ObjectStore } from '../nas/store/store.ts'

const PICTURES = 6

/** Of the longer side, pixels. Small images are enlarged, so that lines and digits leave something to be seen of them. */
const SIDE = 640

interface Drawn {
  readonly store: ObjectStore
  readonly trial: string
  readonly dataset: Pick<DetectionDataset, 'classes' | 'validation'>
}

/** Is told of all validation images in their order, and writes pictures of some, from all over the split. */
export function detectionPictures({ store, trial, dataset }: Drawn) {
  const images = dataset.validation.length
  const count = Math.min(PICTURES, images)
  const chosen = Array.from({ length: count }, (_, n) => Math.floor((n * images) / count))
  let image = 0
  return async (sample: DetectionSample, found: Detections): Promise<void> => {
    const n = chosen.indexOf(image++)
    if (n < 0) return
    const truths = sample.boxes.map(({ box }) => box)
    const { height, width, image: data } = sample
    const png = await drawDetections({ height, width, data }, truths, found, dataset.classes.length)
    await store.put(trialKeys(trial).prediction(n), png)
  }
}

/** A PNG of an RGB image with its true boxes and those that were found: see `drawBoxes`. @param classes how many there are */
export async function drawDetections(
  { height, width, data }: Pixels,
  truths: readonly Box[],
  { boxes, scores, labels }: Detections,
  classes: number,
): Promise<Uint8Array> {
  const fit = SIDE / Math.max(height, width)
  // Pixels that are repeated, a whole number of times, take hardly more room in a PNG.
  const [scale, kernel] = fit > 1 ? ([Math.floor(fit), 'nearest'] as const) : ([fit, 'lanczos3'] as const)
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)))
  const resized = await sharp(data, { raw: { height, width, channels: 3 } })
    .resize(across, down, { fit: 'fill', kernel })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const scaled = ([left, top, right, bottom]: Box): Box => [
    left * scale,
    top * scale,
    right * scale,
    bottom * scale,
  ]
  const found = Array.from(scores, (score, i) => ({
    box: scaled(boxAt(boxes, i)),
    label: labels[i]!,
    score,
  }))
  const picture = drawBoxes(
    { ...resized.info, data: resized.data },
    truths.map(scaled),
    found,
    boxColours(classes),
  )
  const raw = { height: picture.height, width: picture.width, channels: 3 } as const
  return sharp(picture.data, { raw }).png().toBuffer()
}
