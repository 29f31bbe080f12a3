import type { Trained } from '../../runs/model.ts'
import type { Tensors } from '../../tensor.ts'
import { classificationGraph } from '../../training/classification.ts'
import {
  type ClassificationNetwork,
  classificationPredictor,
} from '../../training/classification-predictor.ts'
import type { Predictor } from '../../training/predictor.ts'
import { classifierTask } from './classifier-task.ts'
import type { DenseNasRun } from './run.ts'
import { type ClassifierSpec, classifierSpecSchema } from './specs.ts'

export const trainedClassifier = (spec: ClassifierSpec, weights: Tensors): ClassificationNetwork => ({
  graphFor: (images) => classificationGraph(classifierTask(spec, images)),
  weights,
  size: spec.image,
  classes: spec.classes,
})

/** @param spec of a trial of a classifier */
export const denseNasPredictor = (_: DenseNasRun, spec: unknown, { weights }: Trained): Predictor =>
  classificationPredictor(trainedClassifier(classifierSpecSchema.parse(spec), weights))
