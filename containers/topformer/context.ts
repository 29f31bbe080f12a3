import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import type { TopformerRun } from '../../nas/pipelines/topformer/run.ts'
import type { PipelineContext } from '../pipeline-context.ts'

export type TopformerContext = PipelineContext<TopformerRun, SegmentationDataset>
