import sharp from 'sharp'
import { evaluationInput } from '../nas/data/augment.ts'
import { IGNORE, type Sample, type SegmentationDataset } from '../nas/data/dataset.ts'
import { type Colour, paletteFor } from '../nas/data/palette.ts'
import type { Program, State } from '../nas/engines/engine.ts'
import { trialKeys } from '../nas/runs/keys.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { float32 } from '../nas/tensor.ts'

const PICTURES = 6
const VOID: Colour = [0, 0, 0]

interface Drawn {
  readonly store: ObjectStore
  readonly trial: string
  readonly program: Program
  readonly state: State
  readonly dataset: SegmentationDataset
  readonly whole: readonly [height: number, width: number]
}

/** Writes strips of image, truth and prediction, for validation images from all over the split. */
export async function drawPredictions({
  store,
  trial,
  program,
  state,
  dataset,
  whole,
}: Drawn): Promise<void> {
  const { validation } = dataset
  const palette = paletteFor(dataset.classes)
  const count = Math.min(PICTURES, validation.length)
  for (let n = 0; n < count; n++) {
    const sample = await dataset.load(validation[Math.floor((n * validation.length) / count)]!)
    const { image } = evaluationInput(sample, whole)
    const { predictions } = await program.run(state, { image: float32([1, 3, ...whole], image) })
    const strip = drawStrip(sample, (y, x) => predictions!.data[y * whole[1] + x]!, palette)
    const png = await sharp(strip, { raw: { width: sample.width * 3, height: sample.height, channels: 3 } })
      .png()
      .toBuffer()
    await store.put(trialKeys(trial).prediction(n), png)
  }
}

function drawStrip(
  { image, labels, height, width }: Sample,
  prediction: (y: number, x: number) => number,
  palette: readonly Colour[],
): Uint8Array {
  const strip = new Uint8Array(height * width * 3 * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const label = labels[y * width + x]!
      const at = y * width * 3 + x
      strip.set(image.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), at * 3)
      strip.set(label === IGNORE ? VOID : palette[label]!, (at + width) * 3)
      strip.set(palette[prediction(y, x)]!, (at + 2 * width) * 3)
    }
  return strip
}
