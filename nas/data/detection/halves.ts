import { TrellisError } from '../../errors.ts'
import { random } from '../../random.ts'
import type { SampleRef } from '../dataset.ts'

/**
 * The training images in two halves of equal size, plus or minus one: for the weights of a supernet, and for its architecture
 * parameters.
 * @returns each sorted by name @throws TrellisError `invalid-dataset` if there is only one image
 */
export function trainingHalves(
  refs: readonly SampleRef[],
  seed: number,
): readonly [trainA: readonly SampleRef[], trainB: readonly SampleRef[]] {
  if (refs.length < 2) {
    throw new TrellisError('invalid-dataset', `${refs.length} training image cannot be split in two halves`, {
      fix: 'give the dataset more training images, or raise its limit',
    })
  }
  const inB = new Set(
    random(seed, 'halves')
      .shuffle(refs)
      .slice(0, Math.floor(refs.length / 2)),
  )
  return [refs.filter((ref) => !inB.has(ref)), refs.filter((ref) => inB.has(ref))]
}
