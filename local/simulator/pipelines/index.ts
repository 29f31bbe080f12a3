import type { RunRecord } from '../../../nas/runs/run.ts'
import { dpc } from './dpc.ts'
import type { SimulatedPipeline } from './pipeline.ts'

/** All pipelines by their names. */
export const pipelines: Readonly<Record<RunRecord['config']['pipeline'], SimulatedPipeline>> = { dpc }
export type PipelineName = keyof typeof pipelines

export const pipelineOf = ({ config }: RunRecord): SimulatedPipeline => pipelines[config.pipeline]
