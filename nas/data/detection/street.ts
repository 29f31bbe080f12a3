import { sha256 } from '../../checksum.ts'
import { contentHash } from '../../hash.ts'
import { random } from '../../random.ts'
import type { StreetConfig } from '../config.ts'
import type { SampleRef, Split } from '../dataset.ts'
import { FIGURES } from '../street/classes.ts'
import { outlinesOf } from '../street/outlines.ts'
import { renderStreet } from '../street/render.ts'
import type { DetectionDataset, DetectionSample } from './dataset.ts'

/** The street scenes of segmentation, with a box around each car, person, sign and street light that can be seen. */
export function streetWithBoxes({
  images,
  validation,
  test,
  height,
  width,
  seed,
}: StreetConfig): DetectionDataset {
  const refs = (split: Split, count: number): SampleRef[] =>
    Array.from({ length: count }, (_, i) => ({ split, name: String(i).padStart(6, '0') }))
  const draw = ({ split, name }: SampleRef): DetectionSample => {
    const { image, canvas } = renderStreet(height, width, random(seed, 'street', split, name))
    const boxes = outlinesOf(canvas).map(({ kind, box, area }) => ({
      box,
      label: FIGURES.indexOf(kind),
      area,
      crowd: false,
      difficult: false,
    }))
    return { name, height, width, image, boxes }
  }
  const train = refs('train', images)
  // A generated sample is part of the fingerprint: a change of the drawing code is another dataset.
  const { image, boxes } = draw(train[0]!)
  return {
    classes: FIGURES,
    train,
    validation: refs('validation', validation),
    test: refs('test', test ?? 0),
    warnings: [],
    fingerprint: contentHash({
      images,
      validation,
      ...(test && { test }),
      height,
      width,
      seed,
      sample: sha256(image, JSON.stringify(boxes)),
    }),
    load: async (ref) => draw(ref),
    boxesOf: async (ref) => draw(ref).boxes,
    measure: async () => ({
      extent: { height, width, pixels: (images + validation + (test ?? 0)) * height * width },
    }),
  }
}
