import type { PipelineName } from '../../../nas/runs/config/config.ts'
import type { RunRecord } from '../../../nas/runs/run.ts'
import { densenas } from './densenas.ts'
import { dpc } from './dpc.ts'
import type { SimulatedPipeline } from './pipeline.ts'

/** All pipelines by their names. */
export const pipelines: Readonly<Record<PipelineName, SimulatedPipeline>> = { dpc, densenas }

export const pipelineOf = ({ config }: RunRecord): SimulatedPipeline => pipelines[config.pipeline]
