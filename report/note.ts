import type { Summary } from '../nas/runs/summary.ts'
import { date } from './format.ts'

/** Something that a reader must know before believing the figures. */
export interface Note {
  readonly tone: 'warning' | 'remark'
  readonly text: string
}

export const warning = (text: string): Note => ({ tone: 'warning', text })
export const remark = (text: string): Note => ({ tone: 'remark', text })

/** A run that has stopped before its end, and that nothing runs now. */
export interface Interrupted {
  readonly status: 'interrupted'
  /** Its last sign of life, in milliseconds since 1970. */
  readonly at: number
  /** How far it was, in words: `in the search, 12 of 24 trials done`. */
  readonly where: string
  /** The command that goes on with it. */
  readonly again: string
}

/** How a run without an end is: at work, or interrupted. */
export type Standing = { readonly status: 'running' } | Interrupted

/** How a run ended, or stands; undefined where nobody has looked whether it still goes on. */
export type End = Pick<Summary, 'status' | 'error' | 'stopped'> | Standing | undefined

/** What is known of the end of a run: a standing is later than a summary, which a failed run has while it is resumed. */
export const endOf = (summary: Summary | undefined, standing: Standing | undefined): End =>
  standing ?? summary

/** The words for a run that is over, for one that was interrupted, or for one that goes on. */
export function inState(
  end: End,
  words: { readonly over: string; readonly interrupted: string; readonly going: string },
): string {
  if (end === undefined || end.status === 'running') return words.going
  return end.status === 'interrupted' ? words.interrupted : words.over
}

export function* onTheEnd(end: End): Iterable<Note> {
  if (end === undefined || end.status === 'running')
    yield warning('This run is still going; every figure here may change.')
  else if (end.status === 'interrupted')
    yield warning(
      `This run was interrupted at ${date(end.at)}, ${end.where}, and nothing runs it now: every figure here is of what it had done by then. Go on with: ${end.again}`,
    )
  else if (end.status === 'failed') yield warning(`The run ended with an error: ${end.error ?? 'unknown'}`)
}
