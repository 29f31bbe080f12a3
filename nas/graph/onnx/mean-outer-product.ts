import type { OnnxEmitter } from './emitter.ts'

/**
 * E[x xᵀ] of the channels x of a map [N,C,H,W], over images and positions: [C,C]. One matrix product for all images transposes the
 * map first; a product by image leaves as many results to sum. On small maps the former moves less memory.
 * @param product a · aᵀ over the last two axes
 */
export function meanOuterProduct(
  emit: OnnxEmitter,
  x: string,
  shape: readonly number[],
  product: (a: string, rank: number) => string,
): string {
  const [n, c, h, w] = shape as [number, number, number, number]
  const share = emit.float(1 / (n * h * w))
  const images = emit.node('Reshape', [x, emit.ints([n, c, h * w])])
  if (c > h * w) {
    const moved = emit.node('Transpose', [images], { perm: [1, 0, 2] })
    const rows = emit.node('Reshape', [moved, emit.ints([c, n * h * w])])
    return emit.node('Mul', [product(rows, 2), share])
  }
  const sum = emit.node('ReduceSum', [product(images, 3), emit.ints([0])], { keepdims: 0 })
  return emit.node('Mul', [sum, share])
}
