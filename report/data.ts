import type { DpcGenotype } from '../nas/spaces/dpc/genotype.ts'

/** Everything that the report of a DPC run shows. Scores are mIoU on the validation set, shares in [0, 1]. */
export interface ReportData {
  readonly run: string
  readonly state: RunState
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly codeVersion: string
  readonly dataset: Dataset
  readonly configYaml: string
  /** In the order in which they were proposed. */
  readonly trials: readonly Trial[]
  readonly rerank: Rerank | undefined
  readonly winner: Winner | undefined
  readonly attempts: readonly Attempt[]
}

export type RunState =
  | { readonly kind: 'running' }
  | { readonly kind: 'finished'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: string }

export interface Dataset {
  readonly name: string
  readonly classes: readonly string[]
  readonly trainImages: number
  readonly validationImages: number
  readonly fingerprint: string
}

/** A candidate of the search, trained on the proxy task. */
export interface Trial {
  readonly trial: string
  /** The cell in words. */
  readonly cell: string
  readonly parameters: number | undefined
  readonly multiplyAdds: number | undefined
  readonly outcome: Outcome
}

export type Outcome =
  | { readonly kind: 'scored'; readonly score: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'pending' }

/** What full training made of the best candidates and the baselines. */
export interface Rerank {
  readonly entries: readonly FullTraining[]
  /** Undefined where there is no order to compare. */
  readonly spearman: Correlation | undefined
  readonly kendall: Correlation | undefined
}

/** A rank correlation with its 95 % bootstrap interval. */
export interface Correlation {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface FullTraining {
  readonly role: 'candidate' | 'baseline'
  readonly isWinner: boolean
  /** Short, and unlike all others: 'ASPP', 'random 1', '12th by proxy'. */
  readonly name: string
  readonly cell: string
  readonly proxyScore: number | undefined
  /** Place among all scored trials by proxy score, from 1; undefined for what the search did not propose. */
  readonly proxyRank: number | undefined
  /** One a seed; none where every training failed. */
  readonly scores: readonly number[]
}

export interface Winner {
  readonly genotype: DpcGenotype
  readonly cell: string
  readonly scoredBy: 'full training' | 'proxy task'
  readonly score: number
  /** The winner's trial among {@link ReportData.trials}; undefined for a cell that the search did not propose. */
  readonly proxyTrial: string | undefined
  readonly proxyRank: number | undefined
  readonly parameters: number | undefined
  readonly multiplyAdds: number | undefined
  /** By class of the dataset; undefined for a class that no validation image shows. Empty where it was not measured. */
  readonly classIou: readonly (number | undefined)[]
  /** PNG strips: image, truth, prediction. */
  readonly predictions: readonly Uint8Array[]
}

/** One attempt of a job, from the ledger. */
export interface Attempt {
  readonly phase: Phase
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly seconds: number
  readonly usd: number
  readonly outcome: 'succeeded' | 'interrupted' | 'failed' | 'running'
}

export const PHASES = ['pretrain', 'features', 'proxy-task', 'train'] as const
export type Phase = (typeof PHASES)[number]
