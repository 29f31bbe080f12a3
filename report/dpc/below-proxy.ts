import type { WinningCell } from '../../nas/pipelines/dpc/comparison.ts'

/** Whether full training is weaker evidence than the proxy task that it is to judge. */
export const isBelowProxy = ({ score, proxy }: Pick<WinningCell, 'score' | 'proxy'>): boolean =>
  score < proxy.score

export const BELOW_PROXY =
  'Full training scores the winner below its proxy score: it was too short to judge the ranking by. Raise rerank.steps.'
