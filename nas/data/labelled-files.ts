import { sha256 } from '../checksum.ts'
import { TrellisError } from '../errors.ts'
import { contentHash } from '../hash.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassLayout } from './class-folders.ts'
import { countImages } from './count-images.ts'
import type { ClassificationDataset, LabelledImage, LabelledRef, Split } from './dataset.ts'
import { decodeImage, readHeader } from './decode.ts'
import { type OpenOptions, spread, turned } from './files.ts'
import { prefixOf } from './keys-below.ts'
import { mapImages } from './map-images.ts'
import { overlapOf } from './overlap.ts'

/** A dataset of image files in class folders; every file has been decoded once without error. */
export async function labelledFiles(
  layout: ClassLayout,
  reader: ObjectReader,
  limit: { readonly [split in Split]?: number | undefined } = {},
  { onProgress = () => {}, fingerprint }: OpenOptions = {},
): Promise<ClassificationDataset> {
  const refs = (split: Split) => spread(refsOf(layout, split), limit[split])
  const read = (ref: LabelledRef) => readImage(layout, reader, ref)
  const [train, validation, test] = [refs('train'), refs('validation'), refs('test')]
  const all = [...train, ...validation, ...test]
  const checked =
    fingerprint === undefined
      ? await checkAll(layout.classes, all, read, onProgress)
      : { fingerprint, warnings: [] }
  return {
    classes: layout.classes,
    train,
    validation,
    test,
    fingerprint: checked.fingerprint,
    warnings: [...layout.warnings, ...checked.warnings],
    measure: async () => ({ counts: countImages(layout.classes.length, train, validation, test) }),
    async load(ref): Promise<LabelledImage> {
      const { bytes, where } = await read(ref)
      const { height, width, data } = await decodeImage(bytes, where)
      return { name: ref.name, height, width, image: data, label: ref.label }
    },
  }
}

interface File {
  readonly where: string
  readonly bytes: Uint8Array
}

/** All images of a split, sorted by name. */
const refsOf = ({ classes, folders, files }: ClassLayout, split: Split): readonly LabelledRef[] =>
  classes
    .flatMap((name, label) =>
      (files[split]?.get(name) ?? []).map(
        (key): LabelledRef => ({ split, name: key.slice(prefixOf(folders[split]!).length), label }),
      ),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))

async function readImage({ folders }: ClassLayout, reader: ObjectReader, ref: LabelledRef): Promise<File> {
  const key = `${prefixOf(folders[ref.split]!)}${ref.name}`
  const where = `${reader.location}/${key}`
  const bytes = await reader.get(key)
  if (bytes !== undefined) return { where, bytes }
  throw new TrellisError('invalid-dataset', `image ${where} is missing`, { fix: 'restore the file' })
}

/** One pass over all bytes: decodes what `load` will decode, and hashes it. */
async function checkAll(
  classes: readonly string[],
  refs: readonly LabelledRef[],
  read: (ref: LabelledRef) => Promise<File>,
  onProgress: (done: number, total: number) => void,
): Promise<{ readonly fingerprint: string; readonly warnings: readonly string[] }> {
  let done = 0
  const check = async (ref: LabelledRef) => {
    const { bytes, where } = await read(ref)
    const { orientation } = await readHeader(bytes, where)
    await decodeImage(bytes, where)
    onProgress(++done, refs.length)
    return { ...ref, sha256: sha256(bytes), orientation }
  }
  const images = await mapImages(refs, check)
  const files = images.map(({ split, name, sha256, orientation }) => [
    split,
    name,
    sha256,
    ...turned(orientation),
  ])
  return { fingerprint: contentHash({ classes, files }), warnings: overlapOf(images) }
}
