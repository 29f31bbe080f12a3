/** What an operator does, on maps whose channels it keeps. */
export type Operation =
  | { readonly kind: 'none' }
  | { readonly kind: 'identity' }
  /** One depthwise convolution, which may be dilated, and one of 1x1. */
  | { readonly kind: 'separable'; readonly kernel: number; readonly dilation: number }
  /** A convolution over all channels. */
  | { readonly kind: 'conv'; readonly kernel: number }

/**
 * The operators of Auto-FPN (ICCV 2019, sections 3.2 and 3.3), by names as DARTS has them. The published sizes of necks leave one
 * reading: a dilated convolution is depthwise and has its 1x1 convolution, and a separable one is applied once, not twice as in DARTS.
 */
export const OPERATIONS = {
  none: { kind: 'none' },
  identity: { kind: 'identity' },
  dil_conv_3x3_r2: { kind: 'separable', kernel: 3, dilation: 2 },
  dil_conv_3x3_r3: { kind: 'separable', kernel: 3, dilation: 3 },
  dil_conv_5x5_r2: { kind: 'separable', kernel: 5, dilation: 2 },
  dil_conv_5x5_r3: { kind: 'separable', kernel: 5, dilation: 3 },
  sep_conv_3x3: { kind: 'separable', kernel: 3, dilation: 1 },
  sep_conv_5x5: { kind: 'separable', kernel: 5, dilation: 1 },
  conv_3x3: { kind: 'conv', kernel: 3 },
  conv_5x5: { kind: 'conv', kernel: 5 },
} as const satisfies Record<string, Operation>

export type Operator = keyof typeof OPERATIONS

/** O_N (section 3.2), in the paper's order. */
export const NECK_OPERATORS = [
  'none',
  'identity',
  'dil_conv_3x3_r2',
  'dil_conv_3x3_r3',
  'dil_conv_5x5_r2',
  'dil_conv_5x5_r3',
  'sep_conv_3x3',
  'sep_conv_5x5',
] as const satisfies readonly Operator[]

/** O_H (section 3.3): without rate 3, and with convolutions over all channels. */
export const HEAD_OPERATORS = [
  'none',
  'identity',
  'dil_conv_3x3_r2',
  'dil_conv_5x5_r2',
  'sep_conv_3x3',
  'sep_conv_5x5',
  'conv_3x3',
  'conv_5x5',
] as const satisfies readonly Operator[]

export type NeckOperator = (typeof NECK_OPERATORS)[number]
export type HeadOperator = (typeof HEAD_OPERATORS)[number]
