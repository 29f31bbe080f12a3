import { describe, expect, it } from 'vitest'
import { createBucket } from '../../../local/simulator/bucket/bucket.ts'
import { virtualClock } from '../../../local/simulator/clock.ts'
import { type Fault, noFaults } from '../../../local/simulator/faults.ts'
import { startProcess } from '../../../local/simulator/process.ts'
import type { Access } from '../../../pipelines/pipeline.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function keys(listed: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const key of listed) all.push(key)
  return all
}

/** A store in which a fault strikes at the first occasion, and a process that uses it. */
function bucketWith(fault?: Fault, access?: Access) {
  let strikes = 1
  const denied: string[] = []
  const refused: string[] = []
  const faults = {
    ...noFaults(0),
    strikes: (one: Fault) => one === fault && strikes-- > 0,
  }
  const clock = virtualClock(0, () => 0)
  const bucket = createBucket({
    clock,
    faults,
    onWrite: () => {},
    onRefused: (_, key) => void refused.push(key),
    onDenied: (_, operation, key) => void denied.push(`${operation} ${key}`),
  })
  const process = startProcess(clock, 'job1-1')
  const store = bucket.connect(process, access)
  /** What an operation came to, or that its process has died. */
  const outcome = <T>(operation: Promise<T>) =>
    clock.until(
      Promise.race([
        operation.catch((error: Error) => error.message),
        process.killed.then(() => clock.sleep(1000)).then(() => 'dead'),
      ]),
    )
  return { bucket, process, store, outcome, denied, refused }
}

describe('the simulated store', () => {
  it('keeps the first of what is put if absent, and lists in order', async () => {
    const { store, outcome } = bucketWith()
    expect(await outcome(store.putIfAbsent('a/2', bytes('first')))).toBe(true)
    expect(await outcome(store.putIfAbsent('a/2', bytes('second')))).toBe(false)
    await outcome(store.put('a/1', bytes('x')))
    await outcome(store.put('ab', bytes('x')))
    expect(await outcome(store.get('a/2'))).toEqual(bytes('first'))
    expect(await outcome(keys(store.list('a/')))).toEqual(['a/1', 'a/2'])
    expect(await outcome(keys(store.list('a')))).toEqual(['a/1', 'a/2', 'ab'])
    await outcome(store.delete('a/1'))
    expect(await outcome(keys(store.list('a/')))).toEqual(['a/2'])
  })

  it.each([
    ['killed before a write', 'dead', false],
    ['killed after a write', 'dead', true],
    ['store unavailable', 's3://simulated/k: 503 Slow Down', false],
    ['reply of the store lost', 's3://simulated/k: ECONNRESET', true],
  ] as const)('%s', async (fault, result, written) => {
    const { bucket, store, outcome, refused } = bucketWith(fault)
    expect(await outcome(store.put('k', bytes('x')))).toBe(result)
    expect(bucket.objects.has('k')).toBe(written)
    expect(refused).toEqual(fault === 'store unavailable' ? ['k'] : [])
  })

  it('never answers a process that has died', async () => {
    const { bucket, process, store, outcome } = bucketWith()
    process.kill('gone')
    expect(await outcome(store.put('k', bytes('x')))).toBe('dead')
    expect(bucket.objects.has('k')).toBe(false)
  })

  it('tells of every key that a process may not touch by its definition', async () => {
    const access = { reads: ['runs/*', 'trials/*'], writes: ['runs/*/ledger/*'], deletes: ['trials/*'] }
    const { store, outcome, denied } = bucketWith(undefined, access)
    await outcome(store.put('runs/r/ledger/a.json', bytes('x')))
    await outcome(store.get('runs/r/ledger/a.json'))
    await outcome(keys(store.list('trials/t/starts/')))
    await outcome(store.delete('trials/t/starts/a.json'))
    expect(denied).toEqual([])
    await outcome(store.put('runs/r/config.json', bytes('x')))
    await outcome(store.putIfAbsent('trials/t/result.json', bytes('x')))
    await outcome(store.get('latencies/l/table.json'))
    await outcome(keys(store.list('features/')))
    await outcome(store.delete('runs/r/ledger/a.json'))
    expect(denied).toEqual([
      'write runs/r/config.json',
      'write trials/t/result.json',
      'read latencies/l/table.json',
      'read features/',
      'delete runs/r/ledger/a.json',
    ])
  })
})
