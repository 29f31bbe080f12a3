import type { DetectionDataset } from '../../nas/data/detection/dataset.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import type { PipelineContext } from '../pipeline-context.ts'

export type AutoFpnContext = PipelineContext<AutoFpnRun, DetectionDataset>
