import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import { isOneStage } from '../../nas/pipelines/auto-fpn/settings.ts'

/** Whose head a detector has where none was searched. */
export const baselineHead = ({ config }: Pick<AutoFpnRun, 'config'>): string =>
  isOneStage(config.detector) ? 'SSD’s' : 'FPN’s'
