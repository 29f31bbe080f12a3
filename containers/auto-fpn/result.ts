import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import { cost } from '../../nas/graph/cost.ts'
import type { Graph } from '../../nas/graph/graph.ts'
import {
  accumulate,
  averagePrecision,
  averagePrecisionAt,
  type ClassScores,
  summarise,
} from '../../nas/metrics/detection/coco.ts'
import type { Pool } from '../../nas/metrics/detection/pool.ts'
import type { Result } from '../../nas/runs/result.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import { diverged, finalLoss } from '../result.ts'

/** Every fifth of COCO's recalls. */
const CURVE = 5

/**
 * The result of a detector whose validation images were matched.
 * @param network for one image, with all regions that it looks at
 */
export function detected(
  pool: Pool | undefined,
  { classes }: Pick<DetectionDataset, 'classes'>,
  training: { readonly single: Graph; readonly losses: readonly number[] },
): Result<Detected> {
  if (pool === undefined) return diverged(training)
  const scores = accumulate(pool)
  const [ap, ap50, ap75, small, medium, large] = summarise(scores)
  const { parameters, multiplyAdds } = cost(training.single)
  return {
    status: 'succeeded',
    score: ap ?? 0,
    ap50: ap50 ?? 0,
    ap75: ap75 ?? 0,
    bySize: { small: small ?? null, medium: medium ?? null, large: large ?? null },
    classes: classes.map((_, label) => ofClass(scores.find((each) => each.label === label))),
    loss: finalLoss(training.losses),
    parameters,
    multiplyAdds,
  }
}

function ofClass(scores: ClassScores | undefined): Detected['classes'][number] {
  const all = scores?.areas.all
  if (all === undefined) return null
  return {
    ap: averagePrecision(all),
    ap50: averagePrecisionAt(0)(all),
    precision: [...all.precision[0]!].filter((_, i) => i % CURVE === 0),
  }
}
