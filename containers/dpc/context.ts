import type { SegmentationDataset } from '../../nas/data/dataset.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import type { PipelineContext } from '../pipeline-context.ts'

export type DpcContext = PipelineContext<DpcRun, SegmentationDataset>
