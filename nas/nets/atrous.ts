/** Input pixels a feature pixel; 32 is the stride of the networks as published, for classification. */
export type OutputStride = 4 | 8 | 16 | 32

/** How a block is applied. */
export interface Atrous {
  readonly stride: number
  /** Of its convolutions up to the one that has, or had, the stride. */
  readonly dilation: number
  /** Of those that follow: it grows where the stride became a dilation. */
  readonly dilationAfter: number
}

/**
 * Blocks of a network for denser features (DeepLab v3, arXiv 1706.05587, section 3.1): beyond the output stride, strides become
 * dilations. Weights are the same at every output stride, and features differ in their resolution alone.
 * @param strides of the blocks as published
 * @param reached the stride of what comes before them
 */
export function atrous(
  strides: readonly number[],
  { reached, outputStride }: { readonly reached: number; readonly outputStride: OutputStride },
): readonly Atrous[] {
  let [total, dilation] = [reached, 1]
  return strides.map((wanted) => {
    const stride = total * wanted <= outputStride ? wanted : 1
    const block = { stride, dilation, dilationAfter: (dilation * wanted) / stride }
    total *= stride
    dilation = block.dilationAfter
    return block
  })
}
