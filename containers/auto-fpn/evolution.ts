import { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import { proxySpecSchema } from '../../nas/pipelines/auto-fpn/specs.ts'
import { runTrials } from '../../nas/runs/run-trials.ts'
import { withDetector } from '../../nas/training/detection/evaluate.ts'
import { detectAll } from '../../nas/training/detection-predictor.ts'
import type { AutoFpnContext } from './context.ts'
import { prepareDetector, trainedNetwork } from './detector-trial.ts'
import { detected } from './result.ts'

/** Trains detectors until their early stop (Auto-FPN section 4.3), for their scores alone. */
export async function evolution(context: AutoFpnContext): Promise<void> {
  const dataset = await context.dataset()
  const kind = { spec: proxySpecSchema, success: autoFpn.task.result }
  await runTrials(context, kind, (trial, spec) =>
    prepareDetector(context, trial, spec, dataset, ({ trained, losses }) => {
      const network = trainedNetwork(spec, trained)
      return withDetector(context.engine, network, async (running) => {
        const found = await detectAll(running, dataset, dataset.validation)
        return detected(found, dataset, { single: network.graph, losses })
      })
    }),
  )
}
