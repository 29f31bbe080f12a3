import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dataflow } from '../../../../nas/training/parts/dataflow.ts'

const NAMES = ['a', 'b', 'c', 'd']
const tasks = fc.array(
  fc.record({
    reads: fc.uniqueArray(fc.constantFrom(...NAMES)),
    writes: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
    turns: fc.nat(5),
  }),
  { maxLength: 12 },
)

it('leaves what tasks would leave that ran one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, fc.integer({ min: 1, max: 4 }), async (all, atOnce) => {
      const expected = new Map<string, string>()
      const effect = (state: Map<string, string>, reads: readonly string[], task: number) =>
        `${task}(${reads.map((name) => state.get(name))})`
      all.forEach(({ reads, writes }, task) => {
        const value = effect(expected, reads, task)
        for (const name of writes) expected.set(name, value)
      })

      const found = new Map<string, string>()
      const flow = dataflow(atOnce)
      await Promise.all(
        all.map(({ reads, writes, turns }, task) =>
          flow({ reads, writes }, async () => {
            const value = effect(found, reads, task)
            for (let turn = 0; turn < turns; turn++) await null
            for (const name of writes) found.set(name, value)
          }),
        ),
      )
      expect([...found].sort()).toEqual([...expected].sort())
    }),
  )
})

it('starts what depends on nothing at once, as many as it may', async () => {
  const running = new Set<string>()
  let most = 0
  const flow = dataflow(2)
  const task = (name: string) =>
    flow({ reads: ['image'], writes: [name] }, async () => {
      running.add(name)
      most = Math.max(most, running.size)
      await new Promise((resolve) => setImmediate(resolve))
      running.delete(name)
    })
  await Promise.all(NAMES.map(task))
  expect(most).toBe(2)
})

it('starts first what most others wait for in a row, of all that could start', async () => {
  const started: string[] = []
  const flow = dataflow(1)
  const task = (name: string, reads: readonly string[]) =>
    flow({ reads, writes: [name] }, async () => {
      started.push(name)
    })
  const tasks = [task('a', []), task('b', []), task('c', ['b']), task('d', ['c']), task('e', ['a'])]
  await Promise.all(tasks)
  expect(started).toEqual(['b', 'a', 'c', 'e', 'd'])
})

it('fails what depends on a failure, and nothing else', async () => {
  const flow = dataflow(1)
  const broken = flow({ reads: [], writes: ['a'] }, () => Promise.reject(new Error('broken')))
  const after = flow({ reads: ['a'], writes: ['b'] }, async () => 'read')
  const apart = flow({ reads: ['c'], writes: [] }, async () => 'apart')
  await expect(broken).rejects.toThrow('broken')
  await expect(after).rejects.toThrow('broken')
  await expect(apart).resolves.toBe('apart')
})
