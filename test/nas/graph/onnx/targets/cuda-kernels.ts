/*
 * Operators of ONNX of which ONNX Runtime has CUDA kernels: docs/OperatorKernels.md of microsoft/onnxruntime (CUDAExecutionProvider,
 * commit 001d12d2). Only what models of Trellis may have is here.
 */

/** f: float32, i: int32, l: int64, b: bool; the type of the operand that decides. */
type Types = string

export interface Kernel {
  /** Since which version the operator is what it is in version 17 (ONNX's Changelog.md). */
  readonly since: number
  /** Versions of the kernel. One without an end is used for operators of just its first version. */
  readonly versions: readonly [from: number, to?: number]
  readonly types: Types
}

const kernel = (since: number, types: Types, to?: number, from = since): Kernel => ({
  since,
  types,
  versions: to === undefined ? [from] : [from, to],
})

export const CUDA_KERNELS: Readonly<Record<string, Kernel>> = {
  Abs: kernel(13, 'fil'),
  Add: kernel(14, 'fil'),
  And: kernel(7, 'b'),
  ArgMax: kernel(13, 'f'),
  AveragePool: kernel(11, 'f', 18),
  BatchNormalization: kernel(15, 'f'),
  Cast: kernel(13, 'bfil', 18),
  Clip: kernel(13, 'fl'),
  Compress: kernel(11, 'bfil'),
  Concat: kernel(13, 'bfil'),
  Conv: kernel(11, 'f', 21),
  Div: kernel(14, 'fil'),
  Equal: kernel(13, 'bfil'),
  Exp: kernel(13, 'f'),
  Expand: kernel(13, 'bfil'),
  Gather: kernel(13, 'bfil'),
  GatherElements: kernel(13, 'bfil'),
  GatherND: kernel(13, 'bfl'),
  GlobalAveragePool: kernel(1, 'f'),
  Greater: kernel(13, 'fil'),
  GreaterOrEqual: kernel(16, 'fil'),
  HardSigmoid: kernel(6, 'f', 21),
  Identity: kernel(16, 'bfil', 18, 14),
  Less: kernel(13, 'fil'),
  LessOrEqual: kernel(16, 'fil'),
  Log: kernel(13, 'f'),
  MatMul: kernel(13, 'f'),
  Max: kernel(13, 'fil'),
  MaxPool: kernel(12, 'f'),
  Min: kernel(13, 'fil'),
  Mul: kernel(14, 'fil'),
  Neg: kernel(13, 'fil'),
  Not: kernel(1, 'b'),
  Pad: kernel(13, 'bf', 17),
  Pow: kernel(15, 'fil'),
  ReduceMax: kernel(13, 'fil', 17, 1),
  ReduceMean: kernel(13, 'fi', 17, 1),
  ReduceSum: kernel(13, 'fil'),
  Relu: kernel(14, 'f'),
  Reshape: kernel(14, 'bfil', 18),
  Resize: kernel(13, 'fi', 17),
  Sigmoid: kernel(13, 'f'),
  Slice: kernel(13, 'bfil'),
  Softmax: kernel(13, 'f'),
  Softplus: kernel(1, 'f'),
  Sqrt: kernel(13, 'f'),
  Sub: kernel(14, 'fil'),
  TopK: kernel(11, 'fil'),
  Transpose: kernel(13, 'bfil', 20),
  Where: kernel(16, 'fil'),
}
