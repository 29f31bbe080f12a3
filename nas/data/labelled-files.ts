import pLimit from 'p-limit'
import { TrellisError } from '../errors.ts'
import { contentHash } from '../hash.ts'
import type { ObjectReader } from '../store/store.ts'
import type { ClassLayout } from './class-folders.ts'
import type { ClassificationDataset, LabelledImage, LabelledRef, Split } from './dataset.ts'
import { decodeImage } from './decode.ts'
import { type OpenOptions, sha256, spread } from './files.ts'

/** As many as the decoder has threads. */
const AT_ONCE = 4

/** A dataset of image files in class folders, every one of which has been decoded once and found good. */
export async function labelledFiles(
  layout: ClassLayout,
  reader: ObjectReader,
  limit: { readonly [split in Split]?: number | undefined } = {},
  { onProgress = () => {}, fingerprint }: OpenOptions = {},
): Promise<ClassificationDataset> {
  const { classes, folders, files } = layout
  const refsOf = (split: Split): readonly LabelledRef[] => {
    const all = classes.flatMap((name, label) =>
      files[split]
        .get(name)!
        .map((key): LabelledRef => ({ split, name: key.slice(folders[split].length + 1), label })),
    )
    return spread(
      all.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      limit[split],
    )
  }
  const read = async ({ split, name }: LabelledRef) => {
    const key = `${folders[split]}/${name}`
    const where = `${reader.location}/${key}`
    const bytes = await reader.get(key)
    if (bytes !== undefined) return { where, bytes }
    throw new TrellisError('invalid-dataset', `image ${where} is missing`, { fix: 'restore the file' })
  }
  const load = async (ref: LabelledRef): Promise<LabelledImage> => {
    const { bytes, where } = await read(ref)
    const { height, width, data } = await decodeImage(bytes, where)
    return { name: ref.name, height, width, image: data, label: ref.label }
  }

  /** One pass over all bytes: decodes what `load` will decode, and hashes it. */
  async function check(refs: readonly LabelledRef[]): Promise<string> {
    const atOnce = pLimit(AT_ONCE)
    let done = 0
    const hashes = await atOnce
      .map(refs, async (ref) => {
        const { bytes, where } = await read(ref)
        await decodeImage(bytes, where)
        onProgress(++done, refs.length)
        return [ref.split, ref.name, sha256(bytes)]
      })
      .finally(() => atOnce.clearQueue())
    return contentHash({ classes, files: hashes })
  }

  const train = refsOf('train')
  const validation = refsOf('validation')
  return {
    classes,
    train,
    validation,
    fingerprint: fingerprint ?? (await check([...train, ...validation])),
    load,
  }
}
