import type { topformer } from '../../nas/pipelines/topformer/index.ts'
import type { Phase } from '../phase.ts'
import { COLOURS } from '../plot.ts'

export const phases: Readonly<Record<(typeof topformer.jobs)[number], Phase>> = {
  latency: { name: 'Measuring latencies', colour: COLOURS.quiet },
  pretrain: { name: 'Pretraining', colour: COLOURS.quiet },
  supernet: { name: 'Supernet', colour: COLOURS.winner },
  evaluate: { name: 'Evaluating networks', colour: COLOURS.trial },
  train: { name: 'Training networks', colour: COLOURS.baseline },
}
