import type { denseNas } from '../../nas/pipelines/densenas/index.ts'
import type { Phase } from '../phase.ts'
import { COLOURS } from '../plot.ts'

export const phases: Readonly<Record<(typeof denseNas.jobs)[number], Phase>> = {
  latency: { name: 'Measuring latencies', colour: COLOURS.quiet },
  supernet: { name: 'Supernet', colour: COLOURS.winner },
  classifier: { name: 'Training networks', colour: COLOURS.baseline },
}
