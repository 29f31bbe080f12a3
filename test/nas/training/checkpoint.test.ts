import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../../../nas/graph/builder.ts'
import { encodeSafetensors } from '../../../nas/store/safetensors.ts'
import type { ObjectStore } from '../../../nas/store/store.ts'
import { float32, int32, type Tensors } from '../../../nas/tensor.ts'
import { loadCheckpoint, saveCheckpoint } from '../../../nas/training/checkpoint.ts'

const objects = new Map<string, Uint8Array>()
const store: ObjectStore = {
  location: 'memory',
  get: async (key) => objects.get(key),
  put: async (key, bytes) => void objects.set(key, bytes),
  putIfAbsent: () => Promise.reject(new Error('unused')),
  list: () => {
    throw new Error('unused')
  },
  delete: async (key) => void objects.delete(key),
}
const at = (key: string) => ({ store, key, training: 'trial-1' })

const graph = new GraphBuilder()
for (const [name, shape] of [
  ['w', [2, 3]],
  ['b', [1]],
] as const)
  graph.parameter(name, {
    dtype: 'float32',
    shape,
    role: 'weight',
    initialiser: { kind: 'constant', value: 0 },
  })
const { parameters } = graph

const state: Tensors = { w: float32([2, 3], [1, 2, 3, 4, 5, 0.1]), b: float32([1], [-0]) }
const losses = [...Float32Array.of(3.3, 2.2, 1.1)]

describe('checkpoint', () => {
  it('gives back what was saved, bit for bit', async () => {
    await saveCheckpoint(at('whole'), { state, losses })
    expect(await loadCheckpoint(at('whole'), parameters)).toEqual({ state, losses })
  })

  it('is replaced by the next one', async () => {
    await saveCheckpoint(at('twice'), { state, losses })
    await saveCheckpoint(at('twice'), { state, losses: [...losses, 0.5] })
    expect((await loadCheckpoint(at('twice'), parameters))?.losses).toHaveLength(4)
  })

  it('is undefined where there is none', async () => {
    expect(await loadCheckpoint(at('nowhere'), parameters)).toBeUndefined()
  })

  const metadata = { training: 'trial-1', step: '3' }
  const history = { 'training:losses': float32([3], losses) }
  it.each([
    [
      'a missing tensor',
      encodeSafetensors({ w: state.w!, ...history }, metadata),
      'memory/bad: tensor b: expected float32 [1], found none',
    ],
    [
      'a tensor of another shape',
      encodeSafetensors({ ...state, w: float32([3, 2], [1, 2, 3, 4, 5, 6]), ...history }, metadata),
      'memory/bad: tensor w: expected float32 [2x3], found float32 [3x2]',
    ],
    [
      'a tensor of another kind',
      encodeSafetensors({ ...state, b: int32([1], [0]), ...history }, metadata),
      'memory/bad: tensor b: expected float32 [1], found int32 [1]',
    ],
    [
      'a tensor that the training does not have',
      encodeSafetensors({ ...state, c: float32([], [1]), ...history }, metadata),
      'memory/bad: tensor c: expected none, found float32 []',
    ],
    [
      'fewer losses than steps',
      encodeSafetensors({ ...state, ...history }, { ...metadata, step: '4' }),
      'memory/bad: tensor training:losses: expected float32 [4], found float32 [3]',
    ],
    [
      'the checkpoint of another trial',
      encodeSafetensors({ ...state, ...history }, { ...metadata, training: 'trial-2' }),
      'memory/bad is a checkpoint of training trial-2, expected trial-1',
    ],
    [
      'a safetensors file that is no checkpoint',
      encodeSafetensors(state, {}),
      'memory/bad is not a checkpoint: it does not say of which training and step',
    ],
    [
      'a truncated file',
      encodeSafetensors({ ...state, ...history }, metadata).slice(0, -4),
      /^memory\/bad is not a whole safetensors file: expected \d+ bytes or more, found \d+$/,
    ],
  ])('refuses %s in one clear line', async (_, bytes, message) => {
    objects.set('bad', bytes)
    const refusal = await loadCheckpoint(at('bad'), parameters).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'invalid-checkpoint', fix: expect.any(String) })
    expect(refusal).toHaveProperty(
      'message',
      typeof message === 'string' ? message : expect.stringMatching(message),
    )
  })
})
