import { expect, it } from 'vitest'
import { virtualClock } from '../../../local/simulator/clock.ts'
import { random } from '../../../nas/random.ts'

const clockAt = (start: number) => virtualClock(start, random(0, 'order').uniform)

it('lets time pass only when nothing can happen without it', async () => {
  const clock = clockAt(1000)
  const seen: [string, number][] = []
  const worker = async (name: string, ms: number) => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(ms)
      await Promise.resolve()
      seen.push([name, clock.now()])
    }
  }
  await clock.until(Promise.all([worker('slow', 250), worker('fast', 100)]))
  expect(seen).toEqual([
    ['fast', 1100],
    ['fast', 1200],
    ['slow', 1250],
    ['fast', 1300],
    ['slow', 1500],
    ['slow', 1750],
  ])
})

it('fires timers in the order of their time, and none that was cancelled', async () => {
  const clock = clockAt(0)
  const rng = random(0, 'times')
  const fired: number[] = []
  for (let i = 0; i < 500; i++) {
    const cancel = clock.after(rng.integer(1000), () => fired.push(clock.now()))
    if (i % 5 === 0) cancel()
  }
  await clock.until(clock.sleep(2000))
  expect(fired).toHaveLength(400)
  expect(fired).toEqual(fired.toSorted((a, b) => a - b))
})

it('wakes a sleeper whose signal aborts', async () => {
  const clock = clockAt(0)
  const stop = new AbortController()
  const sleeper = clock.sleep(1e9, stop.signal)
  clock.after(50, () => stop.abort(new Error('enough')))
  await expect(clock.until(sleeper)).rejects.toThrow('enough')
  expect(clock.now()).toBe(50)
})

it('says so when everything waits for ever', async () => {
  await expect(clockAt(0).until(new Promise(() => {}))).rejects.toThrow('nothing will ever happen')
})
