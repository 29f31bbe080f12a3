import { operatorLabel } from '../../nas/spaces/auto-fpn/operator-label.ts'
import { OPERATIONS, type Operator } from '../../nas/spaces/auto-fpn/operators.ts'

/** As in the picture of neck and head, where no link stands for none. */
export const operatorName = (operator: Operator): string =>
  operator === 'none' ? 'none' : operatorLabel(operator)

interface Look {
  readonly colour: string
  readonly opacity: number
}

/** A colour by kernel, as in that picture; paler for higher rates, deepest for a convolution over all channels. */
export function operatorLook(operator: Operator): Look {
  const operation = OPERATIONS[operator]
  switch (operation.kind) {
    case 'none':
      return { colour: 'var(--line)', opacity: 1 }
    case 'identity':
      return { colour: 'var(--dot)', opacity: 0.8 }
    case 'separable':
      return { colour: kernelColour(operation.kernel), opacity: [0.75, 0.5, 0.3][operation.dilation - 1]! }
    case 'conv':
      return { colour: kernelColour(operation.kernel), opacity: 1 }
  }
}

const kernelColour = (kernel: number): string => (kernel === 3 ? 'var(--accent)' : 'var(--baseline)')

/** What the colours stand for. */
export const OPERATOR_KEY = [
  ['var(--line)', 'none'],
  ['var(--dot)', 'identity'],
  [kernelColour(3), '3×3'],
  [kernelColour(5), '5×5'],
] as const
