import type { dpc } from '../../nas/pipelines/dpc/index.ts'
import type { Phase } from '../phase.ts'
import { COLOURS } from '../plot.ts'

export const phases: Readonly<Record<(typeof dpc.jobs)[number], Phase>> = {
  pretrain: { name: 'Pretraining', colour: COLOURS.quiet },
  features: { name: 'Caching features', colour: COLOURS.ink },
  'proxy-task': { name: 'Proxy task', colour: COLOURS.winner },
  train: { name: 'Full training', colour: COLOURS.baseline },
  survey: { name: 'Looking at new data', colour: COLOURS.quiet },
}
