import type { Comparison } from '../../nas/pipelines/auto-fpn/comparison.ts'
import type { Module } from '../../nas/pipelines/auto-fpn/config.ts'
import type { FailedSearch, Found } from '../../nas/pipelines/auto-fpn/derived.ts'
import type { EvaluatedDetector } from '../../nas/pipelines/auto-fpn/evolution.ts'
import type { AutoFpnRun } from '../../nas/pipelines/auto-fpn/run.ts'
import type { DatasetNotes } from '../../nas/runs/dataset.ts'
import type { LedgerEntry } from '../../nas/runs/ledger.ts'
import type { SearchHistory } from '../../nas/spaces/auto-fpn/search/history.ts'
import type { Detected } from '../../nas/tasks/detection.ts'
import type { End } from '../note.ts'

/** Everything that the report of an Auto-FPN run shows. Scores are AP on the validation images, shares in [0, 1]. */
export interface AutoFpnReportData {
  readonly record: AutoFpnRun
  readonly end: End
  /** What was found in the dataset, as it was when the run started. */
  readonly notes: DatasetNotes
  /** Of the modules that have been searched so far, in that order. */
  readonly searches: readonly ModuleSearch[]
  /** Detectors that evolution has trained so far, oldest proposal first. */
  readonly evolution: readonly EvaluatedDetector[]
  /** Undefined until the detector that was found and the baselines are trained. */
  readonly comparison: Comparison | undefined
  /** Of the detector that was found, for its best seed; undefined until then. */
  readonly winner: Winner | undefined
  readonly ledger: readonly LedgerEntry[]
}

export interface ModuleSearch {
  readonly module: Module
  /** By each method, the paper's first. */
  readonly found: readonly (Found & { readonly history: SearchHistory })[]
  /** Of baselines. */
  readonly failed: readonly FailedSearch[]
}

export interface Winner {
  readonly detected: Detected
  /** The same of FPN, where that was trained beside it. */
  readonly fpn: Detected | undefined
  /** PNG images with true boxes and those that were found. */
  readonly pictures: readonly Uint8Array[]
}
