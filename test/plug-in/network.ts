import type { Tensors } from '../../nas/tensor.ts'
import { classificationGraph } from '../../nas/training/classification.ts'
import { classificationPredictor } from '../../nas/training/classification-predictor.ts'
import { networkOf, specSchema } from './contract.ts'

/** Of the images that it sees, pixels. */
export const SIDE = 16

export function predictorOf(raw: unknown, weights: Tensors) {
  const spec = specSchema.parse(raw)
  const graphFor = (images: number) =>
    classificationGraph({ network: networkOf(spec), image: [images, 3, SIDE, SIDE] })
  return classificationPredictor({ graphFor, weights, size: SIDE, classes: spec.classes })
}
