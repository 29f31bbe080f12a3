import type { ConfigOf, PipelineName } from '../../nas/runs/config/config.ts'
import { denseNas } from './densenas/densenas.ts'
import { dpc } from './dpc/dpc.ts'
import type { CliPipeline } from './pipeline.ts'

const pipelines: { readonly [P in PipelineName]: CliPipeline<P> } = { dpc, densenas: denseNas }

export const pipelineOf = <P extends PipelineName>({ pipeline }: ConfigOf<P>): CliPipeline<P> =>
  pipelines[pipeline as P]
