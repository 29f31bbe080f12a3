import { describe, expect, it, vi } from 'vitest'
import { float32 } from '../../../nas/tensor.ts'
import { type Step, type Training, train } from '../../../nas/training/loop.ts'

const state = { read: async () => ({ w: float32([], [1]) }) }

/** Steps whose loss at a step is 1 / (1 + step), or what is given for that step. */
const losing = (given: Readonly<Record<number, number>> = {}): Step => ({
  async run({ number }) {
    const now = number!.data[0]!
    return { loss: float32([], [given[now] ?? 1 / (1 + now)]) }
  },
})

const training = (changes: Partial<Training>): Training => ({
  step: losing(),
  state,
  steps: 4,
  losses: [],
  batch: async (step) => ({ number: float32([], [step]) }),
  learningRate: () => 0.1,
  saveCheckpoint: async () => {},
  checkpointDue: () => false,
  ...changes,
})

describe('train', () => {
  it('runs every step once, in order, each at its learning rate', async () => {
    const step = losing()
    const run = vi.spyOn(step, 'run')
    const result = await train(training({ step, learningRate: (step) => 2 ** -step }))
    expect(result).toEqual({ kind: 'finished', losses: [1, 1 / 2, Math.fround(1 / 3), 1 / 4] })
    expect(run.mock.calls.map(([inputs]) => [inputs.number!.data[0], inputs.learningRate!.data[0]])).toEqual([
      [0, 1],
      [1, 0.5],
      [2, 0.25],
      [3, 0.125],
    ])
  })

  it('goes on after the steps that are done', async () => {
    const batch = vi.fn(training({}).batch)
    const result = await train(training({ batch, losses: [9, 8] }))
    expect(result).toEqual({ kind: 'finished', losses: [9, 8, Math.fround(1 / 3), 1 / 4] })
    expect(batch.mock.calls).toEqual([[2], [3]])
  })

  it('has nothing to do where all steps are done', async () => {
    const batch = vi.fn(training({}).batch)
    expect(await train(training({ batch, losses: [4, 3, 2, 1] }))).toMatchObject({ kind: 'finished' })
    expect(batch).not.toHaveBeenCalled()
  })

  it('prepares the next batch while a step runs', async () => {
    let release = () => {}
    const preparing = new Promise<void>((resolve) => {
      release = resolve
    })
    const batch = (step: number) => {
      if (step === 1) release()
      return training({}).batch(step)
    }
    // The first step ends only once the second batch is asked for.
    const run: Step['run'] = async (inputs) => {
      await preparing
      return losing().run(inputs)
    }
    const result = await train(training({ batch, step: { run } }))
    expect(result.kind).toBe('finished')
  })

  it('uploads the next batch while a step runs, and keeps no batch longer than its step', async () => {
    const there = new Set<number>()
    const upload: Training['upload'] = async ({ number }) => {
      const step = number!.data[0]!
      there.add(step)
      return { release: () => there.delete(step) }
    }
    const seen: number[][] = []
    const run: Step['run'] = async (inputs) => {
      const step = inputs.number!.data[0]!
      seen.push([...there])
      await vi.waitFor(() => expect(there).toContain(step + 1))
      return losing({ 2: Number.NaN }).run(inputs)
    }
    const result = await train(training({ upload, step: { run } }))
    expect(result.kind).toBe('diverged')
    expect(seen).toEqual([[0], [1], [2]])
    await vi.waitFor(() => expect(there).toEqual(new Set()))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'stops where the loss is %d, and saves none of it',
    async (loss) => {
      const saveCheckpoint = vi.fn(training({}).saveCheckpoint)
      const result = await train(
        training({ step: losing({ 2: loss }), saveCheckpoint, checkpointDue: () => true }),
      )
      expect(result).toEqual({ kind: 'diverged', step: 2, what: `the loss was ${loss}` })
      expect(saveCheckpoint.mock.calls.map(([{ losses }]) => losses.length)).toEqual([1, 2])
    },
  )

  describe.each(['layer/weights', 'layer/bn/variance'])(
    'where %s is not finite, though losses are',
    (name) => {
      /** A state whose tensor is infinite from a step on. */
      const brokenAfter = (step: number, changes: Partial<Training> = {}) => {
        let done = 0
        const read = async () => ({
          a: float32([2], [1, 2]),
          [name]: float32([2], [0, done < step ? 0 : Number.POSITIVE_INFINITY]),
        })
        return training({
          ...changes,
          state: { read },
          onStep: (now) => {
            done = now
            changes.onStep?.(now, {})
          },
        })
      }

      it('has diverged, after the last step too', async () => {
        const diverged = { kind: 'diverged', step: 4, what: `${name} is not finite` }
        expect(await train(brokenAfter(4))).toEqual(diverged)
        const done = training({ losses: [4, 3, 2, 1] })
        const state = { read: async () => ({ [name]: float32([1], [Number.NaN]) }) }
        expect(await train({ ...done, state })).toEqual(diverged)
      })

      it('writes no checkpoint, and fails alike wherever checkpoints were due', async () => {
        const results = new Set<string>()
        for (const every of [1, 7, 1000]) {
          const saveCheckpoint = vi.fn(training({}).saveCheckpoint)
          const checkpointDue = (done: number) => done % every === 0
          const result = await train(brokenAfter(105, { steps: 900, saveCheckpoint, checkpointDue }))
          results.add(JSON.stringify(result))
          for (const [{ losses }] of saveCheckpoint.mock.calls) expect(losses.length).toBeLessThan(105)
        }
        expect([...results]).toEqual([
          JSON.stringify({ kind: 'diverged', step: 200, what: `${name} is not finite` }),
        ])
      })

      it('leaves the checkpoint before when it is interrupted', async () => {
        const stop = new AbortController()
        const saveCheckpoint = vi.fn(training({}).saveCheckpoint)
        const onStep = (done: number) => {
          if (done === 3) stop.abort()
        }
        const result = await train(brokenAfter(2, { onStep, saveCheckpoint, signal: stop.signal }))
        expect(result).toEqual({ kind: 'interrupted', done: 3 })
        expect(saveCheckpoint).not.toHaveBeenCalled()
      })
    },
  )

  it('has diverged where what is beside the tensors is not finite', async () => {
    let done = 0
    const step = losing()
    const result = await train(
      training({
        step: { run: (inputs) => step.run(inputs).finally(() => done++) },
        notFinite: () => (done === 2 ? 'alpha is not finite' : undefined),
      }),
    )
    expect(result).toEqual({ kind: 'diverged', step: 2, what: 'alpha is not finite' })
  })

  it('saves whenever it is due, the last step included', async () => {
    const saved: (readonly number[])[] = []
    await train(
      training({
        steps: 6,
        checkpointDue: (done) => done % 3 === 0,
        saveCheckpoint: async ({ losses }) => void saved.push([...losses]),
      }),
    )
    expect(saved.map((losses) => losses.length)).toEqual([3, 6])
  })

  it('finishes the step under way when told to stop, and saves', async () => {
    const stop = new AbortController()
    const saveCheckpoint = vi.fn(training({}).saveCheckpoint)
    const onStep = (done: number) => {
      if (done === 2) stop.abort()
    }
    const result = await train(training({ onStep, saveCheckpoint, signal: stop.signal }))
    expect(result).toEqual({ kind: 'interrupted', done: 2 })
    expect(saveCheckpoint.mock.calls).toEqual([[{ state: await state.read(), losses: [1, 0.5] }]])
  })

  it('passes on what made a batch fail', async () => {
    const batch = (step: number) =>
      step === 2 ? Promise.reject(new Error('no such image')) : training({}).batch(step)
    await expect(train(training({ batch }))).rejects.toThrow('no such image')
  })

  // Vitest fails on an unhandled rejection.
  it('lets a batch fail unheard that nothing waits for any more', async () => {
    const batch = (step: number) =>
      step === 2 ? Promise.reject(new Error('too late')) : training({}).batch(step)
    const diverging = losing({ 1: Number.NaN })
    expect(await train(training({ batch, step: diverging }))).toMatchObject({ kind: 'diverged', step: 1 })
  })
})
