import { encode } from 'fast-png'
import type { ClassificationConfig } from '../../nas/data/config.ts'
import type { ObjectStore } from '../../nas/store/store.ts'

const SIDE = 16

/** Writes a few images of two classes, dark and light, as folders of files. */
export async function putClassFolders(store: ObjectStore): Promise<ClassificationConfig> {
  for (const [split, images] of [
    ['train', 4],
    ['val', 1],
  ] as const)
    for (const [label, name] of ['dark', 'light'].entries())
      for (let i = 0; i < images; i++) {
        const data = new Uint8Array(SIDE * SIDE * 3).fill(40 + 150 * label + i)
        const png = encode({ width: SIDE, height: SIDE, channels: 3, data })
        await store.put(`${split}/${name}/${i}.png`, png)
      }
  return { kind: 'class-folders', path: store.location, train: 'train' }
}
