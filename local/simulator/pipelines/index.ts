import type { PipelineName } from '../../../nas/pipelines/index.ts'
import { registry } from '../../../nas/runs/registry.ts'
import { autoFpn } from './auto-fpn/index.ts'
import { densenas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import type { SimulatedPipeline } from './pipeline.ts'
import { topformer } from './topformer/index.ts'

const builtIn: Readonly<Record<PipelineName, SimulatedPipeline>> = {
  dpc,
  densenas,
  'auto-fpn': autoFpn,
  topformer,
}

/** What the simulator knows of each pipeline. */
export const simulatedPipelines = registry(builtIn)
