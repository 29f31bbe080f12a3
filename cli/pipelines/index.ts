import type { ConfigOf, PipelineName } from '../../nas/runs/config/config.ts'
import { denseNas } from './densenas/densenas.ts'
import { dpc } from './dpc/dpc.ts'
import type { CliPipeline } from './pipeline.ts'

const pipelines: { readonly [P in PipelineName]: CliPipeline<P> } = { dpc, densenas: denseNas }

/** Of any pipeline, what does not depend on its configuration. */
export type AnyPipeline = Pick<CliPipeline<PipelineName>, 'machine' | 'standing'>

export const allPipelines: readonly AnyPipeline[] = Object.values(pipelines)

export const pipelineOf = <P extends PipelineName>({ pipeline }: ConfigOf<P>): CliPipeline<P> =>
  pipelines[pipeline as P]
