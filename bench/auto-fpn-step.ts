import { availableParallelism } from 'node:os'
import { batchOf, config, detector, levels, options, TRUTH } from './auto-fpn-settings.ts'
import { byTurns, LAYOUTS } from './by-turns.ts'

/*
 * Steps of Auto-FPN at the sizes of examples/auto-fpn-bccd.yaml: the relaxed neck on cached features, for its weights and for the
 * architecture, and a whole FPN detector with its backbone, each as a run has it: side by side, on a core each. PyTorch has RoIAlign
 * and suppression from torchvision.
 * Usage: auto-fpn-step.ts [STEPS [ROUNDS]].
 */

const { channels, hidden } = detector
for (const phase of ['weights', 'architecture', 'detector']) {
  const settings = {
    ...{ channels, hidden, levels, options, truth: TRUTH },
    ...{ image: config.image, width: config.backbone.width, batch: batchOf(phase) },
    layers: config.space.layers,
  }
  await byTurns(phase === 'detector' ? 'detector step' : `relaxed step of the neck, ${phase}`, {
    worker: 'auto-fpn-step-worker.ts',
    peer: 'auto_fpn_step.py',
    variants: LAYOUTS,
    args: [phase, JSON.stringify(settings)],
    jobs: availableParallelism(),
  })
}
