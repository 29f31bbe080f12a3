import { availableParallelism } from 'node:os'
import type { Engine } from '../../nas/engines/engine.ts'
import { type Device, onnxRuntime } from '../../nas/engines/onnxruntime.ts'
import { type HeadSize, PROXY_TASK } from '../dpc-head.ts'

/** Whose kernels run what is lowered for CUDA: the card's, or, to try the kit, the CPU's. */
export const provider = (process.env.KIT_PROVIDER ?? 'cuda') as Device

/** Without a card, everything is small. */
export const small = provider === 'cpu'

export const headSize: HeadSize = small ? { batch: 2, filters: 32, size: [9, 9] } : PROXY_TASK

export const deviceEngine = (options: { manyPrograms?: boolean; strict?: boolean } = {}): Promise<Engine> =>
  onnxRuntime({ device: 'cuda', provider, threads: small ? availableParallelism() : 1, ...options })

export const say = (text: string): void => console.log(text)

export const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`
