import { TrellisError } from '../errors.ts'
import type { RunConfig } from './config.ts'
import type { Card } from './prices.ts'

/** A target of containers/Dockerfile. */
type Image = 'cpu' | 'gpu-onnx' | 'gpu-tensorflow'

/** What the jobs of a card run in: ONNX Runtime's CUDA 12 does not support the oldest cards. */
export function imageOf(card: Card): Image {
  if (card === 'cpu') return 'cpu'
  return card === 'v100' || card === 'p100' ? 'gpu-tensorflow' : 'gpu-onnx'
}

/** An image has one engine that uses its card: with another, jobs would train on the processors of a machine rented for the card. */
export const engineOf = (card: Card): RunConfig['compute']['engine'] =>
  imageOf(card) === 'gpu-tensorflow' ? 'tensorflow' : 'onnxruntime'

/** @throws TrellisError `invalid-config` for an engine that the image of the card does not have, or not for the card */
export function checkEngine({ card, engine }: RunConfig['compute']): void {
  const had = engineOf(card)
  if (engine === had) return
  throw new TrellisError(
    'invalid-config',
    `compute.engine is ${engine}, and jobs on AWS with ${card} run in the image ${imageOf(card)}, which trains with ${had}`,
    { fix: `--set compute.engine=${had}, or another card` },
  )
}
