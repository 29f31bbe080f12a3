import type { Network } from '../../nets/layers.ts'
import { type MobileNetV2Classifier, mobileNetV2 } from '../../nets/mobilenet-v2.ts'
import type { DenseNasGenotype } from '../../spaces/densenas/genotype.ts'
import { denseNas } from '../../spaces/densenas/network.ts'

/** A classifier as data: a derived network, or what it is compared with. */
export type ClassifierNetwork =
  | { readonly kind: 'densenas'; readonly genotype: DenseNasGenotype }
  | ({ readonly kind: 'mobilenet-v2' } & Required<Pick<MobileNetV2Classifier, 'width' | 'stride'>>)

/** Images [N,3,H,W] to logits [N,classes]. */
export const classifierNetwork =
  (network: ClassifierNetwork, classes: number): Network =>
  (context, image) =>
    network.kind === 'densenas'
      ? denseNas(context, image, network.genotype, { classes })
      : mobileNetV2(context, image, { ...network, classes })
