import { prefixOf } from '../keys-below.ts'
import { formsOf } from '../stored-names.ts'
import type { DetectionConfig } from './config.ts'

/** What the keys of all files of a dataset begin with: nothing else below its `path` is part of it. */
export function prefixesOfBoxes(config: DetectionConfig): readonly string[] {
  switch (config.kind) {
    case 'voc':
      return ['ImageSets/Main/', 'JPEGImages/', 'Annotations/']
    case 'coco': {
      const places = [config.train, config.validation, ...(config.test ? [config.test] : [])]
      return inAnyForm(places.flatMap(({ images, annotations }) => [prefixOf(images), annotations]))
    }
    case 'bdd100k':
      return ['images/100k/', 'labels/']
    case 'visual-genome': {
      const lists = [config.train, config.validation, config.test].filter((list) => typeof list === 'string')
      return ['objects.json', 'image_data.json', 'VG_100K/', 'VG_100K_2/', ...inAnyForm(lists)]
    }
    case 'street':
      return []
  }
}

const inAnyForm = (prefixes: readonly string[]): string[] => [...new Set(prefixes.flatMap(formsOf))]
