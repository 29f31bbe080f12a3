import type { Compared } from '../../nas/runs/comparison.ts'
import type { Leads } from '../../nas/runs/leads.ts'
import type { BaselineNames } from '../../report/comparison/baselines.ts'
import { leadInWords, namedLeads } from '../../report/comparison/leads.ts'
import { OVER_IMAGES, tooFewImages } from '../../report/comparison/on-test.ts'
import { counted, percentWithin } from '../../report/format.ts'
import type { Row } from './pipeline.ts'

/** The headline of a summary where test images were kept aside: they chose nothing. Nothing where there are none. */
export const testRows = (
  { test }: Pick<Compared, 'test'>,
  leads: Leads | undefined,
  { score, names }: { readonly score: string; readonly names: BaselineNames },
): readonly Row[] => {
  if (test === undefined) return []
  const few = tooFewImages(test.images)
  return [
    ['score', `test ${score} ${percentWithin(test)} over ${counted(test.images, 'image')}`],
    ...namedLeads(leads ?? [], names).map((lead): Row => ['', leadInWords(lead)]),
    ...(leads?.length ? [['', OVER_IMAGES] as const] : []),
    ...(few === undefined ? [] : [['', few] as const]),
  ]
}
