import type { RunRecord } from '../../runs/record.ts'
import type { TopformerConfig } from './config.ts'

export type TopformerRun = RunRecord<TopformerConfig, object>
