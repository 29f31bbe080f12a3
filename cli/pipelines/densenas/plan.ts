import { type DenseNasConfig, spaceOf } from '../../../nas/pipelines/densenas/config.ts'
import { spaceSize } from '../../../nas/spaces/densenas/space.ts'
import { counted } from '../../../report/format.ts'
import type { Row } from '../pipeline.ts'
import { scientific } from '../scientific.ts'

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
