import { trainBatch } from '../../nas/data/batches.ts'
import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import { topformer } from '../../nas/pipelines/topformer/index.ts'
import type { Varied } from '../../nas/pipelines/topformer/settings.ts'
import { type SupernetSpec, supernetSpecSchema } from '../../nas/pipelines/topformer/specs.ts'
import { random } from '../../nas/random.ts'
import { completed } from '../../nas/runs/completed.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { type PreparedTrial, runTrials } from '../../nas/runs/run-trials.ts'
import type { TopformerGenotype } from '../../nas/spaces/topformer/genotype.ts'
import { combine, largest, sample, smallest, type TopformerSpace } from '../../nas/spaces/topformer/space.ts'
import { segmentationSandwich, topformerSupernet } from '../../nas/spaces/topformer/supernet.ts'
import { encodeSafetensors } from '../../nas/store/safetensors.ts'
import type { Segmented } from '../../nas/tasks/segmentation.ts'
import { resumableSteps } from '../../nas/training/resumable.ts'
import { sandwichGraphs, sandwichStep } from '../../nas/training/sandwich.ts'
import { finalLoss } from '../result.ts'
import { checkpointAt, optimiserOf, polynomial, runTraining, strideLabels } from '../training.ts'
import type { TopformerContext } from './context.ts'
import { evaluator } from './evaluator.ts'

/** Trains elastic supernets by the sandwich rule, leaves their weights, and scores their largest networks. */
export async function supernet(context: TopformerContext): Promise<void> {
  const kind = { spec: supernetSpecSchema, success: topformer.task.result }
  await runTrials(context, kind, async (trial, spec) =>
    prepare(context, trial, spec, await context.dataset(spec.dataset)),
  )
}

async function prepare(
  context: TopformerContext,
  trial: string,
  spec: SupernetSpec,
  dataset: SegmentationDataset,
): Promise<PreparedTrial<Segmented>> {
  const { engine, store, record } = context
  const { space, varied, classes, attentionScale, classBalance = 0, seed, augmentation, sandwich } = spec
  const { batch } = spec.optimiser
  const net = topformerSupernet({ space, classes, attentionScale })
  const graphs = sandwichGraphs(
    segmentationSandwich({
      supernet: net,
      smallest: within(space, varied, smallest(space)),
      batch,
      crop: augmentation.crop,
      clip: sandwich.clip,
      classBalance,
      optimiser: optimiserOf(spec.optimiser),
    }),
    engine.rewrites,
  )
  /** A pure function of the step, so that a resumed training draws the same. */
  const sampled = (step: number) => {
    const rng = random(seed, 'sandwich', step)
    return Array.from({ length: sandwich.sampled }, () =>
      net.masks(within(space, varied, sample(space, rng))),
    )
  }
  const training = await resumableSteps({
    engine,
    parameters: graphs.parameters,
    compile: (state, done) => sandwichStep(engine, state, graphs, sampled, done),
    address: checkpointAt(store, trialKeys(trial).checkpoint, trial),
    seed,
  })
  return {
    training,
    async finish() {
      const result = await runTraining(context, training, {
        name: trial,
        ...polynomial(spec.optimiser),
        batch: async (step) =>
          strideLabels(await trainBatch(dataset, { ...augmentation, batch, seed, step })),
      })
      const end = completed(result)
      if ('failed' in end) return end.failed
      const trained = Object.entries(await training.read()).filter(([name]) => !name.includes(':'))
      const weights = Object.fromEntries(trained)
      const score = await evaluator(context, {
        supernet: net,
        weights,
        dataset,
        images: record.config.search.calibration,
        seed,
        loss: finalLoss(end.losses),
      })
      const scored = await score(largest(space))
      if (scored.status === 'succeeded')
        await store.put(trialKeys(trial).weights, encodeSafetensors(weights, { trial }))
      return scored
    },
  }
}

/** A network of the half that a supernet varies, with the largest other half. */
function within(space: TopformerSpace, varied: Varied, genotype: TopformerGenotype): TopformerGenotype {
  switch (varied) {
    case 'both':
      return genotype
    case 'cnn':
      return combine(genotype, largest(space))
    case 'vit':
      return combine(largest(space), genotype)
  }
}
