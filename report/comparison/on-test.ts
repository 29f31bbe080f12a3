import type { Compared } from '../../nas/runs/comparison.ts'
import { counted, percentWithin } from '../format.ts'

/** The first sentence of a report where test images were kept aside; nothing where there are none. */
export const onTest = ({ test }: Pick<Compared, 'test'>, score: string): string =>
  test === undefined
    ? ''
    : `On ${counted(test.images, 'test image')}, which chose nothing, the winner scores ${percentWithin(test)} ${score}. `
