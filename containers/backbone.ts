import { backboneKeys } from '../nas/runs/inputs.ts'
import { readMade } from '../nas/runs/read-made.ts'
import type { ObjectStore } from '../nas/store/store.ts'
import type { Tensors } from '../nas/tensor.ts'

/** The trained backbone that a run starts from. @throws see `readMade` */
export function readBackbone(store: ObjectStore, backbone: string): Promise<Tensors> {
  const { weights, manifest } = backboneKeys(backbone)
  return readMade(store, { key: weights, manifest })
}
