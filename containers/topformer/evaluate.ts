import { topformer } from '../../nas/pipelines/topformer/index.ts'
import { readSupernet } from '../../nas/pipelines/topformer/inherited.ts'
import { type EvaluateSpec, evaluateSpecSchema } from '../../nas/pipelines/topformer/specs.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import type { TopformerContext } from './context.ts'
import { type Evaluator, evaluator } from './evaluator.ts'

/** Evaluates networks with the weights that they inherit (section 4.2); those of one supernet share its weights and images. */
export async function evaluate(context: TopformerContext): Promise<void> {
  const opened = new Map<string, Promise<Evaluator>>()
  const evaluatorOf = (spec: EvaluateSpec) => {
    const key = JSON.stringify({ ...spec, genotype: null })
    const known = opened.get(key) ?? open(context, spec)
    opened.set(key, known)
    return known
  }
  const kind = { spec: evaluateSpecSchema, success: topformer.task.result }
  await runTrials(context, kind, async (trial, spec) => {
    const score = await evaluatorOf(spec)
    return {
      training: { dispose: async () => {} },
      async finish() {
        const result = await score(spec.genotype)
        context.progress({ trial, step: 1, steps: 1, loss: Number.NaN })
        return result
      },
    }
  })
}

async function open(context: TopformerContext, spec: EvaluateSpec): Promise<Evaluator> {
  return evaluator(context, {
    ...(await readSupernet(context.store, spec)),
    dataset: await context.dataset(spec.dataset),
    images: spec.calibration.images,
    seed: spec.seed,
  })
}
