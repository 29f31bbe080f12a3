import { counted, duration, percent, usd } from '../report/format.ts'
import type { Phase } from './pipelines/pipeline.ts'
import type { View } from './terminal.ts'

/** How far a run is. Times in seconds. */
export interface Progress {
  readonly phase: Phase
  /** Of the phase, in [0, 1]; undefined where nothing is known of its end. */
  readonly fraction: number | undefined
  readonly trials: { readonly done: number; readonly failed: number; readonly total: number | undefined }
  /** Score of the phase's best trial, which may be one of a baseline. */
  readonly best: number | undefined
  /** Trials a minute, in this session. */
  readonly rate: number | undefined
  /** Of this session. */
  readonly elapsed: number
  /** Of the phase. */
  readonly left: number | undefined
  readonly usd: { readonly spent: number; readonly left: number | undefined }
  readonly running: readonly Running[]
}

export interface Running {
  readonly trial: string
  readonly step: number
  readonly steps: number
  /** null where it is not a number. */
  readonly loss: number | null
}

export function viewOf(progress: Progress): View {
  const { phase, fraction, elapsed, best } = progress
  const rate = [...trialsOf(progress), ...leftOf(progress)]
  const totals = [
    ...(best === undefined ? [] : [`best ${percent(best)} ${phase.score}, baselines included`]),
    `${duration(elapsed)} so far`,
    ...moneyOf(progress),
  ]
  const share = fraction === undefined ? [] : [`${shareOf(fraction)} %`]
  return {
    block: [
      [`${phase.name.padEnd(14)}${bar(fraction ?? 0)}`, ...share, ...rate],
      ...progress.running.map(runningParts),
      totals,
    ],
    line: `${phase.name}: ${[...share, ...rate, ...totals].join(', ')}`,
  }
}

/** A phase that is shown has not ended: its trials are scored after their last step. */
const shareOf = (fraction: number): number => Math.min(99, Math.floor(fraction * 100))

function trialsOf({ phase, trials: { done, failed, total }, rate }: Progress): readonly string[] {
  if (phase.score === null) return []
  return [
    total === undefined ? counted(done, 'trial') : `${done}/${counted(total, 'trial')}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(rate === undefined ? [] : [`${rate.toPrecision(2)} a minute`]),
  ]
}

/** What follows the last step has no steps by which it could be foretold. */
function leftOf({ phase, left, running }: Progress): readonly string[] {
  if (left !== undefined && left >= 1) return [`about ${duration(left)} left`]
  const areAllTrained = running.length > 0 && running.every(isTrained)
  if (areAllTrained) return [afterSteps(phase)]
  return left === undefined ? [] : ['finishing']
}

const isTrained = ({ step, steps }: Running): boolean => step >= steps

const afterSteps = ({ score }: Phase): string => (score === null ? 'finishing' : 'evaluating')

/** Work on a computer of one's own costs nothing worth telling. */
const moneyOf = ({ usd: { spent, left } }: Progress): readonly string[] =>
  spent === 0 && left === undefined
    ? []
    : [left === undefined ? `${usd(spent)} spent` : `${usd(spent)} spent, ${usd(left)} left`]

const WIDTH = 24

export function bar(fraction: number): string {
  const full = Math.round(Math.min(Math.max(fraction, 0), 1) * WIDTH)
  return '━'.repeat(full) + '╌'.repeat(WIDTH - full)
}

const runningParts = ({ trial, step, steps, loss }: Running): readonly string[] => [
  `  ${trial.slice(0, 8)}  `,
  step < steps ? `step ${String(step).padStart(String(steps).length)}/${steps}` : 'trained, evaluating',
  ...(loss === null || step >= steps ? [] : [`loss ${loss.toFixed(3)}`]),
]
