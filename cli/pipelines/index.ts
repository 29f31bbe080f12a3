import type { PipelineName } from '../../nas/pipelines/index.ts'
import type { RunConfig } from '../../nas/runs/config.ts'
import { registry } from '../../nas/runs/registry.ts'
import { autoFpn } from './auto-fpn/index.ts'
import { denseNas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import type { CliPipeline } from './pipeline.ts'
import { topformer } from './topformer/index.ts'

const builtIn: Readonly<Record<PipelineName, CliPipeline>> = {
  dpc,
  densenas: denseNas,
  'auto-fpn': autoFpn,
  topformer,
}

/** What the command line knows of each pipeline. */
export const pipelines = registry(builtIn)

export const pipelineOf = ({ pipeline }: Pick<RunConfig, 'pipeline'>): CliPipeline => pipelines.of(pipeline)
