import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassFoldersConfig } from './config.ts'
import type { Split } from './dataset.ts'
import { IMAGE } from './folders.ts'
import { listFolder } from './layout.ts'

/** Common names of the validation split. */
const VALIDATION = ['val', 'validation', 'valid', 'test']

/** Image keys by class, in one split. */
type ClassFiles = ReadonlyMap<string, readonly string[]>

type BySplit<T> = Readonly<Record<Exclude<Split, 'test'>, T>> & { readonly test?: T }

export interface ClassLayout {
  /** Sorted, so that a label does not depend on the order of listing. */
  readonly classes: readonly string[]
  /** The folder of each split, below the dataset's. */
  readonly folders: BySplit<string>
  readonly files: BySplit<ClassFiles>
}

/**
 * `<split>/<class>/<image>`, the layout of ImageNet; a class may have subfolders, other files are ignored.
 * @throws TrellisError `invalid-dataset` unless both splits hold images of the same two or more classes; `test` may lack some
 */
export async function classLayout(config: ClassFoldersConfig, reader: ObjectReader): Promise<ClassLayout> {
  const train = await firstOf([config.train], 'train', reader)
  const test = config.test === undefined ? undefined : await firstOf([config.test], 'test', reader)
  const unnamed = VALIDATION.filter((folder) => folder !== config.test)
  const validation = await firstOf(config.validation ? [config.validation] : unnamed, 'validation', reader)
  const classes = [...train.files.keys()].sort()
  const pathOf = (folder: string, name = '') => `${reader.location}/${folder}/${name}`

  for (const { folder, files } of test ? [validation, test] : [validation]) {
    const unknown = [...files.keys()].find((name) => !train.files.has(name))
    if (unknown === undefined) continue
    throw new TrellisError(
      'invalid-dataset',
      `${pathOf(folder, unknown)} is a class that ${pathOf(train.folder)} does not have`,
      { fix: 'give it training images, or remove the folder' },
    )
  }
  for (const { folder, files } of [train, validation]) {
    const empty = classes.find((name) => !files.get(name)?.length)
    if (empty === undefined) continue
    throw new TrellisError('invalid-dataset', `no images (.jpg, .png) in ${pathOf(folder, empty)}`, {
      fix: `add images of class ${empty}, or remove it from ${train.folder} and ${validation.folder}`,
    })
  }
  if (classes.length < 2) {
    throw new TrellisError(
      'invalid-dataset',
      `${pathOf(train.folder)} has the only class ${classes[0]}: nothing is to be told apart`,
      { fix: 'give every class a folder of its own' },
    )
  }
  return {
    classes,
    folders: { train: train.folder, validation: validation.folder, ...(test && { test: test.folder }) },
    files: { train: train.files, validation: validation.files, ...(test && { test: test.files }) },
  }
}

/** The first folder that has classes. */
async function firstOf(
  folders: readonly string[],
  split: Split,
  reader: ObjectReader,
): Promise<{ folder: string; files: ClassFiles }> {
  for (const folder of folders) {
    const files = await classFiles(folder, reader)
    if (files.size > 0) return { folder, files }
  }
  const tried = folders.map((folder) => `${reader.location}/${folder}`).join(' or ')
  throw new TrellisError('invalid-dataset', `no class folders in ${tried}`, {
    fix: `check \`path\` (it holds <split>/<class>/<image>), or name the folder in \`${split}\``,
  })
}

/** The images of each class; a class without images is in the map, too. */
async function classFiles(folder: string, reader: ObjectReader): Promise<ClassFiles> {
  const files = new Map<string, string[]>()
  for (const key of await listFolder(reader, folder)) {
    const [name, ...rest] = key.slice(folder.length + 1).split('/')
    if (rest.length === 0) continue
    const known = files.get(name!) ?? []
    files.set(name!, known)
    if (IMAGE.test(key)) known.push(key)
  }
  return files
}
