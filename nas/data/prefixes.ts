import { VALIDATION } from './class-folders.ts'
import type { ClassificationConfig, DatasetConfig } from './config.ts'
import { placesOf } from './folders.ts'
import { prefixOf } from './keys-below.ts'
import { formsOf } from './stored-names.ts'

/**
 * What the keys of all files of a dataset begin with. Whatever else lies below its `path` is no part of it, and need not even be
 * readable: lost+found, caches, other datasets.
 */
export function prefixesOf(config: DatasetConfig | ClassificationConfig): readonly string[] {
  switch (config.kind) {
    case 'folders': {
      const places = (['train', 'validation', 'test'] as const).flatMap((split) => placesOf(split, config))
      const files = [config.classes, ...places.map(({ list }) => list)].filter(
        (file) => typeof file === 'string',
      )
      return inAnyForm([...places.flatMap(({ images, labels }) => [images, labels].map(prefixOf)), ...files])
    }
    case 'voc':
      return ['ImageSets/Segmentation/', 'JPEGImages/', ...inAnyForm([prefixOf(config.labels)])]
    case 'cityscapes':
      return ['leftImg8bit/', 'gtFine/']
    case 'class-folders': {
      const { train, validation, test } = config
      const folders = [train, ...(validation ? [validation] : VALIDATION), ...(test ? [test] : [])]
      return inAnyForm(folders.map(prefixOf))
    }
    case 'street':
    case 'shapes':
      return []
  }
}

const inAnyForm = (prefixes: readonly string[]): string[] => [...new Set(prefixes.flatMap(formsOf))]
