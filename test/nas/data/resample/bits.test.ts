import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { augment, evaluationInput } from '../../../../nas/data/augment.ts'
import type { Sample } from '../../../../nas/data/dataset.ts'
import { augmentImage, centreCrop } from '../../../../nas/data/image-augmentation.ts'
import { random } from '../../../../nas/random.ts'

/*
 * Features and trials are found again by a hash that does not see the resampling. A change of one of these bits raises
 * `CONTRACT` in nas/runs/contract.ts.
 */

const SIZES = [
  [37, 53],
  [64, 64],
  [5, 90],
  [128, 200],
  [1, 1],
  [33, 250],
] as const

const samples = SIZES.map(([height, width], seed): Sample => {
  const rng = random(seed, 'sample')
  const bytes = (count: number, below: number) => Uint8Array.from({ length: count }, () => rng.integer(below))
  return { name: 's', height, width, image: bytes(height * width * 3, 256), labels: bytes(height * width, 7) }
})
const images = samples.map(({ height, width, image }) => ({ height, width, data: image }))

const hashOf = (arrays: readonly (Float32Array | Int32Array)[]) => {
  const hash = createHash('sha256')
  for (const { buffer } of arrays) hash.update(new Uint8Array(buffer))
  return hash.digest('hex').slice(0, 16)
}

test('scaled crops with labels keep every bit', () => {
  const inputs = samples.flatMap((sample) =>
    (
      [
        [0.5, 2],
        [1, 1],
        [0.25, 0.3],
        [1.9, 3],
      ] as const
    ).flatMap((scale) =>
      (
        [
          [65, 65],
          [33, 97],
          [1, 7],
        ] as const
      ).flatMap((crop) =>
        [0, 1, 2].map((seed) => augment(sample, { scale, crop, flip: true }, random(seed, 'augment'))),
      ),
    ),
  )
  expect(hashOf(inputs.flatMap(({ image, labels }) => [image, labels]))).toBe('982ff46db8ceb1bd')
})

test('whole images with labels keep every bit', () => {
  const inputs = samples.map((sample) => evaluationInput(sample, [sample.height + 3, sample.width + 9]))
  expect(hashOf(inputs.flatMap(({ image, labels }) => [image, labels]))).toBe('cdb1df9c13520d4a')
})

test.each([
  ['padded crops', { kind: 'crop', padding: 4, flip: true }, '7ed121d40163b71e'],
  [
    'random parts',
    { kind: 'googlenet', flip: true, area: [0.08, 1], ratio: [3 / 4, 4 / 3] },
    'c18cfc1cc8e4d254',
  ],
] as const)('%s keep every bit', (_, augmentation, expected) => {
  const inputs = images.flatMap((image) =>
    [17, 32, 100].flatMap((size) =>
      [0, 1, 2, 3].map((seed) => augmentImage(image, size, augmentation, random(seed, 'augment'))),
    ),
  )
  expect(hashOf(inputs)).toBe(expected)
})

test('centre crops keep every bit', () => {
  expect(hashOf(images.flatMap((image) => [17, 32, 100].map((size) => centreCrop(image, size))))).toBe(
    '037a35c1565b5d29',
  )
})
