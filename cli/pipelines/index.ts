import type { ConfigOf, PipelineName } from '../../nas/pipelines/config.ts'
import { denseNas } from './densenas/index.ts'
import { dpc } from './dpc/index.ts'
import type { CliPipeline } from './pipeline.ts'

const pipelines: { readonly [P in PipelineName]: CliPipeline<P> } = { dpc, densenas: denseNas }

export const pipelineOf = <P extends PipelineName>({ pipeline }: ConfigOf<P>): CliPipeline<P> =>
  pipelines[pipeline as P]
