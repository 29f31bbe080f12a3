import type { PipelineName } from '../nas/pipelines/index.ts'
import { registry } from '../nas/runs/registry.ts'
import { autoFpn } from './auto-fpn/index.ts'
import { denseNas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import type { PipelineFunctions } from './pipeline.ts'
import { topformer } from './topformer/index.ts'

const builtIn: Readonly<Record<PipelineName, PipelineFunctions>> = {
  dpc,
  densenas: denseNas,
  'auto-fpn': autoFpn,
  topformer,
}

/** Definition and functions of each pipeline. */
export const pipelines = registry(builtIn)
