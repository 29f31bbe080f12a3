import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { detectionPictures, drawDetections } from '../../containers/detections.ts'
import { trialKeys } from '../../nas/runs/keys.ts'
import { memoryStore } from '../functions/memory-store.ts'

const found = {
  boxes: Float32Array.from([10, 10, 30, 20]),
  scores: Float32Array.from([0.8]),
  labels: Int32Array.from([0]),
}
const imageOf = (height: number, width: number) => ({
  height,
  width,
  data: new Uint8Array(3 * height * width).fill(90),
})
const sizeOf = async (png: Uint8Array) => {
  const { height, width, format } = await sharp(png).metadata()
  return { height, width, format }
}

describe('drawDetections', () => {
  it('enlarges small images by whole numbers and reduces large ones, to about as many pixels across', async () => {
    const of = async (height: number, width: number) =>
      sizeOf(await drawDetections(imageOf(height, width), [], found, 2))
    expect(await of(64, 128)).toEqual({ height: 320, width: 640, format: 'png' })
    expect(await of(128, 256)).toEqual({ height: 256, width: 512, format: 'png' })
    expect(await of(1440, 720)).toEqual({ height: 640, width: 320, format: 'png' })
  })

  it('draws boxes where they are in the enlarged image', async () => {
    const png = await drawDetections(imageOf(128, 256), [[100, 50, 120, 70]], found, 2)
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => [...data.subarray(3 * (y * 512 + x), 3 * (y * 512 + x) + 3)]
    expect(at(200, 100)).toEqual([255, 255, 255])
    expect(at(198, 100)).toEqual([90, 90, 90])
    expect(at(22, 30)).not.toEqual([90, 90, 90])
  })
})

describe('detectionPictures', () => {
  const sample = { name: 'a', height: 8, width: 16, image: new Uint8Array(8 * 16 * 3), boxes: [] }

  it.each([
    [12, [0, 2, 4, 6, 8, 10]],
    [2, [0, 1]],
  ])('writes pictures of images from all over a split of %d', async (images, chosen) => {
    const store = memoryStore()
    const validation = Array.from(
      { length: images },
      (_, i) => ({ split: 'validation', name: `${i}` }) as const,
    )
    const draw = detectionPictures({ store, trial: 't', dataset: { classes: ['a'], validation } })
    const written: number[] = []
    for (const i of validation.keys()) {
      const before = (await keysOf(store)).length
      await draw(sample, found)
      if ((await keysOf(store)).length > before) written.push(i)
    }
    expect(written).toEqual(chosen)
    expect(await keysOf(store)).toEqual(chosen.map((_, n) => trialKeys('t').prediction(n)))
  })
})

async function keysOf(store: ReturnType<typeof memoryStore>): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of store.list('trials/')) keys.push(key)
  return keys.sort()
}
