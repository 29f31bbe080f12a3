import { OPERATIONS, type Operator } from './operators.ts'

/** In a picture: 'id', '3×3 d2' for a rate of 2, '5×5 sep', '3×3' over all channels. */
export function operatorLabel(operator: Operator): string {
  const operation = OPERATIONS[operator]
  if (operation.kind === 'none') return ''
  if (operation.kind === 'identity') return 'id'
  const kernel = `${operation.kernel}×${operation.kernel}`
  if (operation.kind === 'conv') return kernel
  return operation.dilation === 1 ? `${kernel} sep` : `${kernel} d${operation.dilation}`
}

/** In a sentence: 'a 3×3 convolution of rate 2'. */
export function operatorWords(operator: Operator): string {
  const operation = OPERATIONS[operator]
  if (operation.kind === 'none') return 'nothing'
  if (operation.kind === 'identity') return 'identity'
  const kernel = `${operation.kernel}×${operation.kernel}`
  if (operation.kind === 'conv') return `a ${kernel} convolution`
  return operation.dilation === 1
    ? `a separable ${kernel} convolution`
    : `a ${kernel} convolution of rate ${operation.dilation}`
}

/** Classes of a link in a picture: colours are those of kernels, dashes those of rates. */
export function operatorStyle(operator: Operator): string {
  const operation = OPERATIONS[operator]
  switch (operation.kind) {
    case 'none':
    case 'identity':
      return operation.kind
    case 'conv':
      return `conv kernel${operation.kernel}`
    case 'separable':
      return `kernel${operation.kernel} rate${operation.dilation}`
  }
}
