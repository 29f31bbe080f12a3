import type { Target } from '../target.ts'
import { batchNorm, batchNormGradient } from './batch-norm.ts'
import { dropout } from './dropout.ts'
import { matmul } from './matmul.ts'
import { moments } from './moments.ts'
import { reluGradient } from './relu-gradient.ts'

/* ONNX Runtime's CPU kernels, whose time is that of passes over memory. Convolutions choose NCHWc where there are blocks. */
export const cpu: Target = {
  opset: 20,
  irVersion: 9,
  rules: {
    'batch-norm': batchNorm,
    'batch-norm-gradient': batchNormGradient,
    dropout,
    matmul,
    moments,
    'relu-gradient': reluGradient,
  },
}
