import { classWarnings } from '../nas/data/check-classes.ts'
import { type DatasetNotes, getNotes } from '../nas/runs/dataset.ts'
import type { RunRecord } from '../nas/runs/record.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import { classTable } from './class-table.ts'
import { printable } from './printable.ts'
import { announce, type Printing } from './summary.ts'

/** Prints how often the classes of a run's dataset occur, where that was counted, and what to bear in mind. */
export async function showDataset(
  store: ObjectStore,
  { run, dataset: { fingerprint, classes } }: RunRecord,
  printing: Printing,
): Promise<void> {
  const notes = await getNotes(store, run, fingerprint)
  if (notes.counts) announce(indented(classTable(classes, notes.counts)), printing)
  warnOf(classes, notes)
}

export function warnOf(classes: readonly string[], { counts, warnings }: DatasetNotes): void {
  for (const warning of [...warnings, ...(counts ? classWarnings(classes, counts) : [])]) warn(warning)
}

export const warn = (warning: string): void => console.error(printable(`trellis: warning: ${warning}`))

const indented = (lines: string): string => lines.replaceAll(/^/gm, '  ')
