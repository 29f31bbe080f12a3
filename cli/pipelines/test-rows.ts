import type { Compared } from '../../nas/runs/comparison.ts'
import type { Leads } from '../../nas/runs/leads.ts'
import type { BaselineNames } from '../../report/comparison/baselines.ts'
import { leadsInWords } from '../../report/comparison/leads.ts'
import { counted, percentWithin } from '../../report/format.ts'
import type { Row } from './pipeline.ts'

/** The headline of a summary where test images were kept aside: they chose nothing. Nothing where there are none. */
export const testRows = (
  { test }: Pick<Compared, 'test'>,
  leads: Leads | undefined,
  { score, names }: { readonly score: string; readonly names: BaselineNames },
): readonly Row[] =>
  test === undefined
    ? []
    : [
        ['score', `test ${score} ${percentWithin(test)} over ${counted(test.images, 'image')}`],
        ...leadsInWords(leads ?? [], names).map((lead): Row => ['', lead]),
      ]
