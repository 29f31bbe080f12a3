import { sha256 } from '../../checksum.ts'
import { contentHash } from '../../hash.ts'
import { random } from '../../random.ts'
import type { ShapesConfig } from '../config.ts'
import { countImages } from '../count-images.ts'
import type { ClassificationDataset, LabelledRef, Split } from '../dataset.ts'
import { FIGURES } from './figures.ts'
import { renderShape } from './render.ts'

/** Figures of ten classes, generated on demand: a dataset that needs no download. */
export function shapesDataset({ images, validation, test, size, seed }: ShapesConfig): ClassificationDataset {
  const classes = Object.keys(FIGURES)
  const figures = Object.values(FIGURES)
  const refs = (split: Split, count: number): LabelledRef[] =>
    Array.from({ length: count }, (_, i) => ({
      split,
      name: String(i).padStart(6, '0'),
      label: i % classes.length,
    }))
  const render = ({ split, name, label }: LabelledRef) =>
    renderShape(figures[label]!, size, random(seed, 'shapes', split, name))
  const train = refs('train', images)
  // Generated samples are part of the fingerprint: a change of the drawing code is another dataset.
  const samples = sha256(...train.slice(0, classes.length).map(render))
  return {
    classes,
    train,
    validation: refs('validation', validation),
    test: refs('test', test ?? 0),
    warnings: [],
    fingerprint: contentHash({ images, validation, ...(test && { test }), size, seed, samples }),
    measure: async () => ({
      counts: countImages(classes.length, train, refs('validation', validation), refs('test', test ?? 0)),
    }),
    load: async (ref) => ({
      name: ref.name,
      height: size,
      width: size,
      image: render(ref),
      label: ref.label,
    }),
  }
}
