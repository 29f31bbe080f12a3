import type { Rerank, WinningCell } from '../../nas/pipelines/dpc/comparison.ts'
import type { Tried } from '../../nas/pipelines/dpc/leaderboard.ts'
import type { DpcRun } from '../../nas/pipelines/dpc/run.ts'
import type { DatasetNotes } from '../../nas/runs/dataset.ts'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import type { End } from '../note.ts'

/** Everything that the report of a DPC run shows. Scores are mIoU on the validation images, shares in [0, 1]. */
export interface DpcReportData {
  readonly record: DpcRun
  readonly end: End
  /** What was found in the dataset, as it was when the run started. */
  readonly notes: DatasetNotes
  /** In the order in which they were proposed. */
  readonly tried: readonly Tried[]
  /** Candidates that have been proposed and not yet tried. */
  readonly pending: number
  /** Undefined until full training is done. */
  readonly rerank: Rerank | undefined
  /** The best cell by full training, or by the proxy task until full training is done; undefined without scores. */
  readonly winner: Winner | undefined
  readonly ledger: readonly LedgerEntry[]
}

/** Parameters and multiply-adds are those of the whole network, or by the proxy task of the cell and its classifier. */
export interface Winner extends WinningCell {
  readonly scoredBy: 'full training' | 'the proxy task'
  /** By class of the dataset, for its best seed; null for a class that was neither there nor predicted. */
  readonly iou: ClassIou
  /** The same of atrous spatial pyramid pooling, where that was trained beside it. */
  readonly asppIou: ClassIou | undefined
  /** PNG strips: image, truth, prediction. */
  readonly predictions: readonly Uint8Array[]
}

export type ClassIou = readonly (number | null)[]
