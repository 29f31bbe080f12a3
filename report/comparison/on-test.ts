import type { Compared } from '../../nas/runs/comparison.ts'
import { FEWEST_IMAGES } from '../../nas/tasks/test-score.ts'
import { counted, difference, percent, percentWithin, points } from '../format.ts'
import type { Tile } from '../header.ts'
import { leadInterval, leadInWords, type NamedLead } from './leads.ts'
import { capitalised } from './words.ts'

/* What is told first where test images were kept aside, since they chose nothing; all of it is empty where there are none. */

type Tested = Pick<Compared, 'test'>

/** @param score its name @param leads of the winner */
export function onTest({ test }: Tested, leads: readonly NamedLead[], score: string): string {
  if (test === undefined) return ''
  const against =
    leads.length > 0 ? `: ${leads.map(leadInWords).join('; ')}. ${capitalised(OVER_IMAGES)}` : ''
  return `On ${counted(test.images, 'test image')}, which chose nothing, the winner scores ${percentWithin(test)} ${score}${against}. `
}

export const testTiles = ({ test }: Tested, leads: readonly NamedLead[], score: string): readonly Tile[] =>
  test === undefined
    ? []
    : [
        {
          name: `Test ${score}`,
          value: percent(test.score),
          remark: `[${points(test.low)}, ${points(test.high)}] over ${counted(test.images, 'image')}`,
        },
        ...leads.map((lead) => ({
          name: `Test ${score} against ${lead.name}`,
          value: difference(lead.value),
          remark: `points ${leadInterval(lead)}`,
        })),
      ]

/** What a lead's interval does not tell: it resamples the images, and no training. */
export const OVER_IMAGES = 'intervals are over images, for these seeds: others may differ by more'

/** What to say of intervals over so many images; undefined where there are enough. @param noun e.g. `test image` */
export const tooFewImages = (images: number, noun = 'image'): string | undefined =>
  images < FEWEST_IMAGES
    ? `only ${counted(images, noun)}: intervals over fewer than ${FEWEST_IMAGES} are too narrow to be trusted`
    : undefined
