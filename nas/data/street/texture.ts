import type { Random } from '../../random.ts'

const SIZE = 64

/** A factor around 1 for a point of a surface (metres). */
export type Texture = (u: number, v: number) => number

/**
 * Value noise in two octaves: grain of 1/8 m and stains of 2 m. Road, pavement and walls share it, so that only the context
 * tells the class of a grey patch.
 */
export function surfaceTexture(rng: Random): Texture {
  const tile = Float32Array.from({ length: SIZE * SIZE }, () => rng.uniform() - 0.5)
  const at = (x: number, y: number) => tile[(y & (SIZE - 1)) * SIZE + (x & (SIZE - 1))]!
  const smooth = (u: number, v: number) => {
    const x = Math.floor(u)
    const y = Math.floor(v)
    const a = u - x
    const b = v - y
    return (
      (at(x, y) * (1 - a) + at(x + 1, y) * a) * (1 - b) + (at(x, y + 1) * (1 - a) + at(x + 1, y + 1) * a) * b
    )
  }
  return (u, v) => 1 + 0.18 * at(Math.floor(u * 8), Math.floor(v * 8)) + 0.3 * smooth(u / 2, v / 2)
}
