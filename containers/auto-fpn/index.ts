import { autoFpn as contract } from '../../nas/pipelines/auto-fpn/index.ts'
import type { JobPrograms } from '../jobs.ts'
import { forPipeline } from '../pipeline-context.ts'
import { backbone } from './backbone.ts'
import { detector } from './detector.ts'
import { evolution } from './evolution.ts'
import { features } from './features.ts'
import { supernet } from './supernet.ts'

const ofAutoFpn = forPipeline(contract)

export const autoFpn: JobPrograms<(typeof contract.jobs)[number]> = {
  backbone: { run: ofAutoFpn(backbone) },
  features: { run: ofAutoFpn(features) },
  neck: { run: ofAutoFpn(supernet) },
  head: { run: ofAutoFpn(supernet) },
  evolution: { run: ofAutoFpn(evolution) },
  detector: { run: ofAutoFpn(detector) },
}
