import type { Operation } from './genotype.ts'

export interface MbConv {
  readonly kernel: number
  readonly expansion: number
}

/** Kernel and expansion of an MBConv; undefined for a residual block. */
export function mbConvOf(operation: Operation): MbConv | undefined {
  const [, kernel, expansion] = /^mbconv_k(\d)_t(\d)$/.exec(operation) ?? []
  return kernel === undefined ? undefined : { kernel: Number(kernel), expansion: Number(expansion) }
}

/** 'k5e3' for an MBConv of kernel 5x5 and expansion 3. */
export function operationLabel(operation: Operation): string {
  const mbConv = mbConvOf(operation)
  if (mbConv) return `k${mbConv.kernel}e${mbConv.expansion}`
  return operation === 'basic_block' ? 'basic' : 'bottle'
}
