import type { PipelineName } from '../../../nas/pipelines/config.ts'
import type { RunRecord } from '../../../nas/pipelines/run.ts'
import { densenas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import type { SimulatedPipeline } from './pipeline.ts'

/** All pipelines by their names. */
export const pipelines: Readonly<Record<PipelineName, SimulatedPipeline>> = { dpc, densenas }

export const pipelineOf = ({ config }: RunRecord): SimulatedPipeline => pipelines[config.pipeline]
