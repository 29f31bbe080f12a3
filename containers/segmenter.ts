import { evaluationInput } from '../nas/data/augment.ts'
import type { SegmentationDataset } from '../nas/data/dataset.ts'
import { running } from '../nas/engines/running.ts'
import type { Graph } from '../nas/graph/graph.ts'
import { trialKeys } from '../nas/runs/keys.ts'
import type { Trained as Left } from '../nas/runs/model.ts'
import type { Result } from '../nas/runs/result.ts'
import { encodeSafetensors } from '../nas/store/safetensors.ts'
import type { SegmentationCard } from '../nas/tasks/model-card.ts'
import { type Segmented, segmentation } from '../nas/tasks/segmentation.ts'
import { float32, type Tensors } from '../nas/tensor.ts'
import type { Predictor } from '../nas/training/predictor.ts'
import { wholeImages } from '../nas/training/segmentation-predictor.ts'
import type { JobContext } from './context.ts'
import { exportModel } from './export-model.ts'
import { drawPredictions } from './predictions.ts'
import { score } from './result.ts'
import { scoreOnTest } from './test-score.ts'

type Context = Pick<JobContext, 'engine' | 'store'>

interface Trained {
  readonly trained: Tensors
  readonly losses: readonly number[]
  readonly dataset: SegmentationDataset
  /** Height and width at which validation images are scored. */
  readonly whole: readonly [height: number, width: number]
  /** What its model says of itself: what programs must know, and more. */
  readonly card: SegmentationCard
  readonly more: object
  readonly predictor: (trained: Left) => Predictor
}

/**
 * Scores a trained segmentation network, and writes its weights, its model and pictures of its predictions.
 * @param graph for one image
 */
export async function concludeSegmenter(
  { engine, store }: Context,
  trial: string,
  graph: Graph,
  { trained, losses, dataset, whole, card, more, predictor }: Trained,
): Promise<Result<Segmented>> {
  const keys = trialKeys(trial)
  const weights = Object.fromEntries([...graph.parameters.keys()].map((name) => [name, trained[name]!]))
  const scored = await running(engine, graph, weights, async (run) => {
    const scored = await score({
      ...run,
      batches: wholeImages(dataset, dataset.validation, whole),
      classes: dataset.classes.length,
      single: graph,
      losses,
    })
    if (scored.status === 'failed') return scored
    await store.put(keys.weights, encodeSafetensors(weights, { trial }))
    const first = evaluationInput(await dataset.load(dataset.validation[0]!), whole)
    const image = float32([1, 3, ...whole], first.image)
    const metadata = { ...card, ...more, metric: segmentation.score, score: scored.score }
    await store.put(keys.model, await exportModel({ ...run, graph, weights, metadata, image }))
    await drawPredictions({ ...run, store, trial, dataset, whole })
    return scored
  })
  if (scored.status === 'failed') return scored
  return { ...scored, ...(await scoreOnTest(engine, predictor({ weights, card }), dataset)) }
}
