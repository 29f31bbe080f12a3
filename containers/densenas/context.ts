import type { ClassificationDataset } from '../../nas/data/dataset.ts'
import type { DenseNasRun } from '../../nas/pipelines/densenas/run.ts'
import type { PipelineContext } from '../pipeline-context.ts'

export type DenseNasContext = PipelineContext<DenseNasRun, ClassificationDataset>
