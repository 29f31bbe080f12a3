import { TrellisError } from '../errors.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassFoldersConfig } from './config.ts'
import type { Split } from './dataset.ts'
import { IMAGE } from './image-format.ts'
import { prefixOf } from './keys-below.ts'
import { listFolder } from './layout.ts'
import { FORMATS, leftOut, unreadImages } from './left-out.ts'
import { inOneForm } from './pair-files.ts'

/** Common names of the validation split. */
export const VALIDATION = ['val', 'validation', 'valid', 'test']

/** Image keys by class, in one split. */
type ClassFiles = ReadonlyMap<string, readonly string[]>

type BySplit<T> = { readonly [split in Split]?: T }

export interface ClassLayout {
  /** Sorted, so that a label does not depend on the order of listing. */
  readonly classes: readonly string[]
  /** The folder of each split, below the dataset's. */
  readonly folders: BySplit<string>
  readonly files: BySplit<ClassFiles>
  /** What is to be said of the files, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * `<split>/<class>/<image>`, the layout of ImageNet; a class may have subfolders, other files are ignored.
 * @throws TrellisError `invalid-dataset` unless both splits hold images of the same two or more classes; `test` may lack some
 */
export async function classLayout(config: ClassFoldersConfig, reader: ObjectReader): Promise<ClassLayout> {
  const find = (split: Split) => firstOf(split, config, reader)
  const train = await find('train')
  const classes = [...train.files.keys()].sort()
  const test = config.test === undefined ? undefined : namedAs(classes, await find('test'))
  const validation = namedAs(classes, await find('validation'))
  const pathOf = (folder: string, name = '') => `${reader.location}/${folder}/${name}`

  for (const { folder, files } of test ? [validation, test] : [validation]) {
    const unknown = unknownAmong(files, classes)
    if (unknown === undefined) continue
    throw new TrellisError(
      'invalid-dataset',
      `${pathOf(folder, unknown)} is a class that ${pathOf(train.folder)} does not have`,
      { fix: 'give it training images, or remove the folder' },
    )
  }
  for (const { folder, files, others } of [train, validation]) {
    const empty = classes.find((name) => !files.get(name)?.length)
    if (empty === undefined) continue
    const unread = unreadImages(others.filter((key) => key.startsWith(`${prefixOf(folder)}${empty}/`)))
    if (unread) {
      throw new TrellisError(
        'invalid-dataset',
        `no images in ${pathOf(folder, empty)} that can be read: ${unread}`,
        {
          fix: `convert them to one of ${FORMATS}`,
        },
      )
    }
    throw new TrellisError('invalid-dataset', `no images (${FORMATS}) in ${pathOf(folder, empty)}`, {
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
    warnings: leftOut(
      [train, validation, ...(test ? [test] : [])].flatMap(({ others }) => others),
      reader.location,
    ),
  }
}

/**
 * The images of one split, for networks that tell `classes` apart: it may lack some of them.
 * @throws TrellisError `invalid-dataset` where it has others, or no class
 */
export async function layoutOfSplit(
  config: ClassFoldersConfig,
  reader: ObjectReader,
  split: Split,
  classes: readonly string[],
): Promise<ClassLayout> {
  const found = namedAs(classes, await firstOf(split, config, reader))
  const { folder, files, others } = found
  const unknown = unknownAmong(files, classes)
  if (unknown !== undefined)
    throw new TrellisError(
      'invalid-dataset',
      `${reader.location}/${folder}/${unknown} is a class that the networks do not have`,
      { fix: `remove the folder, or give it the name of one of: ${classes.join(', ')}` },
    )
  return {
    classes,
    folders: { [split]: folder },
    files: { [split]: files },
    warnings: leftOut(others, reader.location),
  }
}

const unknownAmong = (files: ClassFiles, classes: readonly string[]): string | undefined =>
  [...files.keys()].find((name) => !classes.includes(name))

/** Where the images of a split may be, and the folder that would be one of those, were it not that of the test images. */
function foldersOf(split: Split, { train, validation, test }: ClassFoldersConfig) {
  if (split === 'train') return { folders: [train] }
  if (split === 'test') return { folders: test === undefined ? [] : [test] }
  if (validation) return { folders: [validation] }
  return {
    folders: VALIDATION.filter((folder) => folder !== test),
    taken: VALIDATION.find((folder) => folder === test),
  }
}

interface Found {
  readonly folder: string
  readonly files: ClassFiles
  /** Keys of files that are no images. */
  readonly others: readonly string[]
}

/** A class has its own name, whatever Unicode form that of a folder has. */
function namedAs(classes: readonly string[], { files, ...found }: Found): Found {
  const names = new Map(classes.map((name) => [inOneForm(name), name]))
  return {
    ...found,
    files: new Map([...files].map(([name, keys]) => [names.get(inOneForm(name)) ?? name, keys])),
  }
}

/** The first folder that has classes. */
async function firstOf(split: Split, config: ClassFoldersConfig, reader: ObjectReader): Promise<Found> {
  const { folders, taken } = foldersOf(split, config)
  for (const folder of folders) {
    const found = await classFiles(folder, reader)
    if (found.files.size > 0) return found
  }
  const tried = folders.map((folder) => `${reader.location}/${folder}`).join(' or ')
  const skipped = taken === undefined ? '' : `; ${taken} is not looked into, as it holds the test images`
  throw new TrellisError('invalid-dataset', `no class folders in ${tried}${skipped}`, {
    fix: `check \`path\` (it holds <split>/<class>/<image>), or name the folder in \`${split}\``,
  })
}

/** The images of each class; a class without images is in the map, too. */
async function classFiles(folder: string, reader: ObjectReader): Promise<Found> {
  const folders = (await reader.folders?.(prefixOf(folder))) ?? []
  const files = new Map<string, string[]>(
    folders.filter((name) => !name.startsWith('.')).map((name) => [name, []]),
  )
  const others: string[] = []
  for (const key of await listFolder(reader, folder)) {
    const [name, ...rest] = key.slice(prefixOf(folder).length).split('/')
    if (rest.length === 0) continue
    const known = files.get(name!) ?? []
    files.set(name!, known)
    if (IMAGE.test(key)) known.push(key)
    else others.push(key)
  }
  checkNames([...files.keys()], `${reader.location}/${folder}`)
  return { folder, files, others }
}

/** A class has one name, on one line. */
function checkNames(names: readonly string[], where: string): void {
  const forms = names.map(inOneForm)
  const twice = forms.find((name, i) => forms.indexOf(name) < i)
  if (twice !== undefined)
    throw new TrellisError(
      'invalid-dataset',
      `${where}: two folders have one name, ${twice}, in two forms of Unicode`,
      {
        fix: 'move the images of one into the other',
      },
    )
  const odd = names.find((name) => /\p{Cc}/u.test(name))
  if (odd !== undefined)
    throw new TrellisError(
      'invalid-dataset',
      `${where}: the name ${JSON.stringify(odd)} has a control character`,
      {
        fix: 'rename the folder',
      },
    )
}
