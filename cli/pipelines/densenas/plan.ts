import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import { spaceSize } from '../../../nas/spaces/densenas/space.ts'
import { counted } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'

export function denseNasPlan(config: DenseNasConfig): readonly Row[] {
  const { space, image, search, retrain, baselines } = config
  const { paths, encodings } = spaceSize(spaceOf(config))
  const { epochs, architectureFrom, cost } = search
  return [
    [
      'space',
      `${'preset' in space ? space.preset : 'of your own'}: ${paths.toLocaleString('en-US')} paths, ${scientific(encodings)} architectures, images of ${image}x${image}`,
    ],
    [
      'search',
      `${counted(epochs, 'epoch')}, from ${architectureFrom} on of the architecture too; ${cost.kind} in the loss${cost.measurement === undefined ? '' : `, measurement ${cost.measurement}`}`,
    ],
    [
      'compare',
      `${candidatesOf(baselines)}, ${counted(retrain.epochs, 'epoch')} each${retrain.seeds.length > 1 ? ` with ${retrain.seeds.length} seeds` : ''}`,
    ],
  ]
}

function candidatesOf({ random, mobileNetV2 }: DenseNasConfig['baselines']): string {
  const parts = [
    'what is found',
    ...(random > 0 ? [counted(random, 'random path')] : []),
    ...(mobileNetV2 ? ['MobileNetV2'] : []),
  ]
  return new Intl.ListFormat('en-US').format(parts)
}

/** 9.3e+31 */
function scientific(n: bigint): string {
  if (n < 1_000_000n) return n.toLocaleString('en-US')
  // Of hundreds of digits, more than a number can be.
  const digits = String(n)
  const [mantissa, exponent] = Number(digits.slice(0, 15)).toExponential(1).split('e+')
  return `${mantissa}e+${Number(exponent) + Math.max(0, digits.length - 15)}`
}
