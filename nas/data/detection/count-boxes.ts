import type { ClassCounts, SplitCounts } from '../class-counts.ts'
import type { OnProgress, SampleRef, Split } from '../dataset.ts'
import { mapImages } from '../map-images.ts'
import type { DetectionDataset, LabelledBox } from './dataset.ts'

/** How many boxes of each class there are, without those that are neither learnt nor counted. */
export async function countBoxes(
  classes: number,
  refs: Readonly<Record<Split, readonly SampleRef[]>>,
  boxesOf: DetectionDataset['boxesOf'],
  onProgress: OnProgress = () => {},
): Promise<ClassCounts> {
  const total = refs.train.length + refs.validation.length + refs.test.length
  let done = 0
  const counted = async (split: Split): Promise<SplitCounts> => {
    const counts = Array<number>(classes).fill(0)
    await mapImages(refs[split], async (ref) => {
      for (const box of await boxesOf(ref)) if (isClear(box)) counts[box.label]!++
      onProgress(++done, total)
    })
    return { classes: counts, ignored: {} }
  }
  return {
    of: 'boxes',
    values: [],
    train: await counted('train'),
    validation: await counted('validation'),
    ...(refs.test.length > 0 && { test: await counted('test') }),
  }
}

/** Whether a thing is to be found. */
export const isClear = ({ crowd, difficult }: LabelledBox): boolean => !crowd && !difficult
