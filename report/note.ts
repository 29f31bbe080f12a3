import type { Summary } from '../nas/runs/summary.ts'

/** Something that a reader must know before believing the figures. */
export interface Note {
  readonly tone: 'warning' | 'remark'
  readonly text: string
}

export const warning = (text: string): Note => ({ tone: 'warning', text })
export const remark = (text: string): Note => ({ tone: 'remark', text })

/** How a run ended; undefined while it goes on. */
export type End = Pick<Summary, 'status' | 'error' | 'stopped'> | undefined

export function* onTheEnd(end: End): Iterable<Note> {
  if (!end) yield warning('This run is still going; every figure here may change.')
  if (end?.status === 'failed') yield warning(`The run ended with an error: ${end.error ?? 'unknown'}`)
}
