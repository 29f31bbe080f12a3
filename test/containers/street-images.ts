import { encode } from 'fast-png'
import type { DatasetConfig } from '../../nas/data/config.ts'
import { openDataset } from '../../nas/data/open.ts'
import { openStore } from '../../nas/store/open.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import { bytes } from '../nas/store/contract.ts'
import { STREET } from './job.ts'

/** Draws the street into a folder of images and one of masks for each split. */
export async function putImages(store: ObjectStore): Promise<DatasetConfig> {
  const { classes, train, validation, load } = await openDataset(STREET, openStore)
  for (const ref of [...train, ...validation]) {
    const { image, labels, height, width } = await load(ref)
    const name = `${ref.split === 'train' ? 'training' : 'validation'}/${ref.name}.png`
    await store.put(`images/${name}`, encode({ data: image, height, width, channels: 3 }))
    await store.put(`annotations/${name}`, encode({ data: labels, height, width, channels: 1 }))
  }
  await store.put('classes.txt', bytes(classes.join('\n')))
  return {
    kind: 'folders',
    path: store.location,
    classes: 'classes.txt',
    ignoreLabel: 255,
    zeroIsIgnored: false,
  }
}
