import type { Tensors } from '../../tensor.ts'
import { type ClassificationTask, classificationGraph } from '../../training/classification.ts'
import {
  type ClassificationNetwork,
  classificationPredictor,
} from '../../training/classification-predictor.ts'
import type { Predictor } from '../../training/predictor.ts'
import { classifierNetwork } from './classifier-network.ts'
import type { DenseNasRun } from './run.ts'
import { type ClassifierSpec, classifierSpecSchema } from './specs.ts'

/** A classifier for so many images at once. */
export const classifierTask = (
  { network, classes, image }: ClassifierSpec,
  images: number,
): ClassificationTask => ({
  network: classifierNetwork(network, classes),
  image: [images, 3, image, image],
})

export const trainedClassifier = (spec: ClassifierSpec, weights: Tensors): ClassificationNetwork => ({
  graphFor: (images) => classificationGraph(classifierTask(spec, images)),
  weights,
  size: spec.image,
  classes: spec.classes,
})

/** @param spec of a trial of a classifier */
export const denseNasPredictor = (_: DenseNasRun, spec: unknown, weights: Tensors): Predictor =>
  classificationPredictor(trainedClassifier(classifierSpecSchema.parse(spec), weights))
