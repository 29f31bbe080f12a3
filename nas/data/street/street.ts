import { sha256 } from '../../checksum.ts'
import { contentHash } from '../../hash.ts'
import { random } from '../../random.ts'
import type { StreetConfig } from '../config.ts'
import { IGNORE, type SampleRef, type SegmentationDataset, type Split } from '../dataset.ts'
import { CLASSES } from './classes.ts'
import { renderStreet } from './render.ts'

/** Street scenes, generated on demand: a dataset that needs no download. */
export function streetDataset({
  images,
  validation,
  test,
  height,
  width,
  seed,
}: StreetConfig): SegmentationDataset {
  const refs = (split: Split, count: number): SampleRef[] =>
    Array.from({ length: count }, (_, i) => ({ split, name: String(i).padStart(6, '0') }))
  const render = ({ split, name }: SampleRef) => {
    const { image, canvas } = renderStreet(height, width, random(seed, 'street', split, name))
    return { image, labels: canvas.labels }
  }
  const train = refs('train', images)
  // A generated sample is part of the fingerprint: a change of the drawing code is another dataset.
  const { image, labels } = render(train[0]!)
  return {
    classes: CLASSES,
    ignoreLabel: IGNORE,
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
      sample: sha256(image, labels),
    }),
    load: async (ref) => ({ name: ref.name, height, width, ...render(ref) }),
    measure: async () => ({
      extent: { height, width, pixels: (images + validation + (test ?? 0)) * height * width },
    }),
  }
}
