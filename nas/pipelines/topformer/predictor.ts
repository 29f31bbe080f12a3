import { z } from 'zod'
import type { Trained } from '../../runs/model.ts'
import type { Predictor } from '../../training/predictor.ts'
import { segmentationGraph } from '../../training/segmentation.ts'
import { segmentationPredictor } from '../../training/segmentation-predictor.ts'
import type { TopformerRun } from './run.ts'
import { trainSpecSchema } from './specs.ts'
import { trainTask } from './task.ts'

const cardSchema = z.object({ size: z.tuple([z.int().positive(), z.int().positive()]) })

/** @param spec of a trial of full training */
export function topformerPredictor(_: TopformerRun, spec: unknown, { weights, card }: Trained): Predictor {
  const parsed = trainSpecSchema.parse(spec)
  return segmentationPredictor({
    graphAt: (size) => segmentationGraph(trainTask(parsed, 1, size)),
    weights,
    classes: parsed.classes,
    size: cardSchema.parse(card).size,
  })
}
