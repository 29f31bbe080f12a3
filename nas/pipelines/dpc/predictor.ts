import type { Tensors } from '../../tensor.ts'
import type { Predictor } from '../../training/predictor.ts'
import { segmentationGraph } from '../../training/segmentation.ts'
import { segmentationPredictor } from '../../training/segmentation-predictor.ts'
import { cellTask } from './cell-task.ts'
import type { DpcRun } from './run.ts'
import { trainSpecSchema } from './specs.ts'

/** @param spec of a trial of full training */
export function dpcPredictor({ config }: DpcRun, spec: unknown, weights: Tensors): Predictor {
  const parsed = trainSpecSchema.parse(spec)
  return segmentationPredictor({
    graphAt: (size) => segmentationGraph(cellTask(config, parsed, 1, size)),
    weights,
    classes: parsed.classes,
  })
}
