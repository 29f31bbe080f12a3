import type { Target } from '../target.ts'
import { batchNorm, batchNormGradient, batchNormInference } from './batch-norm.ts'
import { channelProduct } from './channel-product.ts'
import { convolution } from './convolution.ts'
import { dropout } from './dropout.ts'
import { elementwiseRules } from './elementwise.ts'
import { filterGradient } from './filter-gradient.ts'
import { inputGradient } from './input-gradient.ts'
import { nchwc } from './layout.ts'
import { matmul } from './matmul.ts'
import { moments } from './moments.ts'
import { reduceSum } from './reduce-sum.ts'
import { reluGradient } from './relu-gradient.ts'
import { cpuRewrites } from './rewrites.ts'
import { scaledPointwise } from './scaled-pointwise.ts'

/**
 * ONNX Runtime's CPU kernels, whose time is that of passes over memory.
 * @param block channels of an NCHWc block; 0 where there is no such layout
 */
export const cpu = (block: number): Target => ({
  opset: 20,
  irVersion: 9,
  layout: nchwc(block),
  rewrites: cpuRewrites,
  rules: {
    ...elementwiseRules,
    'batch-norm': batchNorm,
    'batch-norm-gradient': batchNormGradient,
    'batch-norm-inference': batchNormInference,
    'biased-conv2d': convolution,
    'channel-product': channelProduct,
    conv2d: convolution,
    'conv2d-filter-gradient': filterGradient,
    'conv2d-input-gradient': inputGradient,
    dropout,
    matmul,
    moments,
    'reduce-sum': reduceSum,
    'relu-gradient': reluGradient,
    'scaled-pointwise': scaledPointwise,
  },
})
