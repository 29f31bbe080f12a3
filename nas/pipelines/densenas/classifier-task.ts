import type { ClassificationTask } from '../../training/classification.ts'
import { classifierNetwork } from './classifier-network.ts'
import type { ClassifierSpec } from './specs.ts'

/** A classifier for so many images at once. @param size other than that of its training */
export const classifierTask = (
  { network, classes, image }: ClassifierSpec,
  images: number,
  size: readonly [height: number, width: number] = [image, image],
): ClassificationTask => ({
  network: classifierNetwork(network, classes),
  image: [images, 3, ...size],
})
