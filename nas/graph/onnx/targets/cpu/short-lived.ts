import { type Convolution, isDepthwise } from '../../../convolution.ts'
import { interpolation } from '../../../interpolation.ts'
import type { Normalisation } from '../../../ops/batch-norm-gradient.ts'
import { AS_WRITTEN } from '../../../rewrites.ts'
import { separableOnnx } from '../../../separable.ts'
import { clip } from '../../clip.ts'
import type { Rule, Target } from '../target.ts'
import type { BlockedEmitter } from './blocked-emitter.ts'
import { convolution } from './convolution.ts'
import { cpu } from './index.ts'

/**
 * For programs that run a few times: ONNX Runtime takes as long to compile a node as to run it some ten times, so these have a
 * quarter of the nodes of a training step.
 */
export function shortLived(block: number): Target {
  const target = cpu(block)
  return {
    ...target,
    rewrites: AS_WRITTEN,
    rules: {
      ...target.rules,
      'batch-norm': inTrainingMode,
      conv2d: depthwiseInNchwc,
      'resize-bilinear': asProducts,
    },
  }
}

/**
 * ONNX Runtime's own training mode writes the running statistics over the old ones, which nothing else may read. With momentum 0 they
 * are those of the batch. No gradient reads its result.
 */
const inTrainingMode: Rule<Normalisation> = (
  emit,
  [x, gamma, beta],
  { epsilon, cap },
  { inputs: [, type] },
) => {
  const channels = type!.shape[0]!
  const running = [0, 1].map((value) => emit.ownFloats([channels], new Float32Array(channels).fill(value)))
  const attributes = { training_mode: 1, momentum: { float: 0 }, epsilon: { float: epsilon } }
  const [y, ...batch] = emit.multi('BatchNormalization', [x!, gamma!, beta!, ...running], attributes, {
    outputs: 3,
  })
  return [cap === undefined ? y! : clip(emit, y!, cap), ...batch]
}

/** Filters of others take more nodes to reorder than NCHWc saves. */
const depthwiseInNchwc: Rule<Convolution, BlockedEmitter> = (emit, inputs, attributes, types) =>
  isDepthwise(types.inputs[1]!.shape, attributes) ? convolution(emit, inputs, attributes, types) : undefined

/** Several times as fast as ONNX Runtime's Resize. */
const asProducts: Rule<{ readonly alignCorners: boolean }> = (
  emit,
  [x],
  { alignCorners },
  { inputs: [type], outputs: [y] },
) => {
  const [height, width] = y!.shape.slice(2) as [number, number]
  return [separableOnnx(emit, x!, interpolation(type!.shape, [height, width], alignCorners))]
}
