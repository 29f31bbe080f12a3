import type { Leads } from '../../nas/runs/leads.ts'
import { type Difference, isWithinNoise } from '../../nas/tasks/test-score.ts'
import { difference } from '../format.ts'
import type { BaselineNames } from './baselines.ts'

/** By how much what was found leads the baselines of a role on the test images. */
export interface NamedLead extends Difference {
  /** Of those baselines, taken together. */
  readonly name: string
}

export const namedLeads = (leads: Leads, names: BaselineNames): readonly NamedLead[] =>
  leads.map(({ role, networks, lead }) => ({ name: names[role]?.(networks) ?? role, ...lead }))

/** '[−0.30, +3.90]', in points; '[−0.30, +3.90], within noise'. */
export const leadInterval = (lead: Difference): string =>
  `[${difference(lead.low)}, ${difference(lead.high)}]${isWithinNoise(lead) ? ', within noise' : ''}`

/** '+1.80 to ASPP [−0.30, +3.90], within noise'. */
export const leadInWords = (lead: NamedLead): string =>
  `${difference(lead.value)} to ${lead.name} ${leadInterval(lead)}`
