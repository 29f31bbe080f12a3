import { encode, type ImageData } from 'fast-png'
import sharp from 'sharp'
import type { ObjectReader } from '../../../nas/store/store.ts'

export type Files = Readonly<Record<string, Uint8Array>>

/** A reader of files in memory, as a dataset's `open` makes it. */
export const memory =
  (files: Files, location = 'mem') =>
  (): ObjectReader => ({
    location,
    get: async (key) => files[key],
    async *list(prefix) {
      yield* Object.keys(files)
        .filter((key) => key.startsWith(prefix))
        .sort()
    },
  })

/** A grey PNG mask with the given rows of class indices. */
export const mask = (rows: readonly (readonly number[])[], more: Partial<ImageData> = {}): Uint8Array =>
  encode({
    height: rows.length,
    width: rows[0]!.length,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(rows.flat()),
    ...more,
  })

/** An RGB PNG whose pixel i is (i, 2i, 3i), or a JPEG of it. */
export const picture = (height: number, width: number): Uint8Array =>
  encode({
    height,
    width,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: height * width * 3 }, (_, i) => Math.floor(i / 3) * ((i % 3) + 1)),
  })

export const jpeg = (height: number, width: number): Promise<Uint8Array> =>
  sharp(picture(height, width)).jpeg().toBuffer()

/** Bytes of a text file. */
export const text = (content: string): Uint8Array => new TextEncoder().encode(content)
