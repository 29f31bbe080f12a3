import type { Leads } from '../../nas/runs/leads.ts'
import { type Difference, isWithinNoise } from '../../nas/tasks/test-score.ts'
import { difference } from '../format.ts'
import type { BaselineNames } from './baselines.ts'

/** '+1.80 [−0.30, +3.90]', in points. */
const differenceWithin = ({ value, low, high }: Difference): string =>
  `${difference(value)} [${difference(low)}, ${difference(high)}]`

/** By how much what was found leads each role of baselines on the test images: '+1.80 [−0.30, +3.90] to ASPP, within noise'. */
export const leadsInWords = (leads: Leads, names: BaselineNames): readonly string[] =>
  leads.map(({ role, networks, lead }) => {
    const noise = isWithinNoise(lead) ? ', within noise' : ''
    return `${differenceWithin(lead)} to ${names[role]?.(networks) ?? role}${noise}`
  })
