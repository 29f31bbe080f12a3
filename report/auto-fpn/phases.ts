import type { autoFpn } from '../../nas/pipelines/auto-fpn/index.ts'
import type { Phase } from '../phase.ts'
import { COLOURS } from '../plot.ts'

export const phases: Readonly<Record<(typeof autoFpn.jobs)[number], Phase>> = {
  backbone: { name: 'Pretraining', colour: COLOURS.quiet },
  features: { name: 'Caching features', colour: COLOURS.ink },
  neck: { name: 'Searching the neck', colour: COLOURS.winner },
  head: { name: 'Searching the head', colour: COLOURS.trial },
  evolution: {
    name: 'Evolving detectors',
    colour: `color-mix(in oklab,${COLOURS.baseline} 50%,${COLOURS.paper})`,
  },
  detector: { name: 'Training detectors', colour: COLOURS.baseline },
}
