import type { Op } from '../../op.ts'

/** How a device has models: in which version of ONNX's operators, and with which nodes in place of those of `Op.onnx`. */
export interface Target {
  readonly opset: number
  readonly irVersion: number
  /** By the name of the operation. */
  readonly rules: Readonly<Record<string, Op<unknown>['onnx']>>
}
