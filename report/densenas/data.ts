import type { Comparison } from '../../nas/pipelines/densenas/comparison.ts'
import type { Derived } from '../../nas/pipelines/densenas/derived.ts'
import type { LatencyTable } from '../../nas/pipelines/densenas/latency.ts'
import type { DenseNasRun } from '../../nas/pipelines/densenas/run.ts'
import type { DatasetNotes } from '../../nas/runs/dataset.ts'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import type { Relaxation } from '../../nas/spaces/densenas/relaxation.ts'
import type { SupernetHistory } from '../../nas/spaces/densenas/search/history.ts'
import type { Confusion } from '../../nas/tasks/classification.ts'
import type { End } from '../note.ts'

/** Everything that the report of a DenseNAS run shows. Scores are top-1 on the validation images, shares in [0, 1]. */
export interface DenseNasReportData {
  readonly record: DenseNasRun
  readonly end: End
  /** What was found in the dataset, as it was when the run started. */
  readonly notes: DatasetNotes
  /** Undefined until the supernet has been searched. */
  readonly search: Search | undefined
  /** Of a search by latency, once they are measured. */
  readonly latencies: LatencyTable | undefined
  /** Undefined until the network that was found and the baselines are trained. */
  readonly comparison: Comparison | undefined
  /** Of the network that was found, for its best seed; undefined until then, and where there are too many classes. */
  readonly confusion: Confusion | undefined
  readonly ledger: readonly LedgerEntry[]
}

export interface Search {
  readonly derived: Derived
  /** At its end. */
  readonly relaxation: Relaxation
  readonly epochs: SupernetHistory['epochs']
  /** Top-1 of the network that was found with the weights of the supernet, before any training of its own. */
  readonly score: number | undefined
}
