import { TrellisError } from '../../nas/errors.ts'
import type { ObjectStore } from '../../nas/store/store.ts'
import type { VirtualClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { SimulatedProcess } from './process.ts'

/** A write at the instant when it takes effect. */
export interface Write {
  readonly by: SimulatedProcess
  readonly key: string
  readonly bytes: Uint8Array
  readonly before: Uint8Array | undefined
  /** False for one that was dropped, as there was something already. */
  readonly kept: boolean
}

/** An object store that all simulated processes share, each over a connection of its own. */
export interface Bucket {
  readonly objects: ReadonlyMap<string, Uint8Array>
  connect(process: SimulatedProcess): ObjectStore
}

/** Round trip, in ms. */
const LATENCY = { fastest: 10, slowest: 40, stuck: 30_000, stale: 120_000 }

/** What is larger is uploaded in parts, and can be completed long after its writer has died. */
const isLarge = (key: string) => key.endsWith('.safetensors') || key.endsWith('.onnx')

/** @param uploadMs of what is large, beside the round trip */
export function createBucket(
  clock: VirtualClock,
  faults: Faults,
  onWrite: (write: Write) => void,
  uploadMs = 0,
): Bucket {
  const objects = new Map<string, Uint8Array>()
  const folders = new Map<string, Set<string>>()
  const location = 's3://simulated'

  const latency = () => {
    const { fastest, slowest, stuck } = LATENCY
    const most = faults.strikes('store slow') ? stuck : slowest
    return fastest + faults.chance.uniform() * (most - fastest)
  }
  const set = (
    by: SimulatedProcess,
    key: string,
    bytes: Uint8Array,
    kept: (before?: Uint8Array) => boolean,
  ) => {
    const before = objects.get(key)
    const write = { by, key, bytes, before, kept: kept(before) }
    if (write.kept) objects.set(key, bytes)
    if (before === undefined) for (const folder of foldersOf(key)) setOf(folders, folder).add(key)
    onWrite(write)
    return write.kept
  }
  const failed = (key: string, problem: string) =>
    new TrellisError('store-failed', `${location}/${key}: ${problem}`, { fix: 'resume the run' })

  return {
    objects,
    connect(process) {
      const strikes = (...[fault]: Parameters<Faults['strikes']>) => !process.spared && faults.strikes(fault)

      async function read<T>(key: string, look: () => T): Promise<T> {
        await process.sleep(latency())
        if (strikes('store unavailable')) throw failed(key, '503 Slow Down')
        return look()
      }

      /** A write takes effect at some instant between the request and the reply; its writer can die around it. */
      async function write<T>(key: string, effect: () => T): Promise<T> {
        if (process.dead) return process.never()
        const fatal = !process.spared && process.mayDie()
        if (fatal && faults.strikes('killed before a write')) {
          process.kill('Host EC2 terminated before a write')
          return process.never()
        }
        const [there, back] = [latency() / 2 + (isLarge(key) ? uploadMs : 0), latency() / 2]
        if (fatal && faults.strikes('killed during a write')) {
          process.kill('Host EC2 terminated during a write')
          if (isLarge(key) && faults.strikes('stale upload lands late'))
            clock.after(faults.chance.uniform() * LATENCY.stale, effect)
          else if (faults.chance.uniform() < 0.5) clock.after(there, effect)
          return process.never()
        }
        await process.sleep(there)
        if (strikes('store unavailable')) throw failed(key, '503 Slow Down')
        const reply = effect()
        if (fatal && faults.strikes('killed after a write')) {
          process.kill('Host EC2 terminated after a write')
          return process.never()
        }
        await process.sleep(back)
        if (strikes('reply of the store lost')) throw failed(key, 'ECONNRESET')
        return reply
      }

      return {
        location,
        get: (key) => read(key, () => objects.get(key)),
        async put(key, bytes) {
          await write(key, () => set(process, key, bytes, () => true))
        },
        putIfAbsent: (key, bytes) =>
          write(key, () => set(process, key, bytes, (before) => before === undefined)),
        async *list(prefix) {
          yield* await read(prefix, () => keysUnder(prefix))
        },
        delete: (key) =>
          write(key, () => {
            if (!objects.delete(key)) return
            for (const folder of foldersOf(key)) folders.get(folder)?.delete(key)
          }),
      }
    },
  }

  function keysUnder(prefix: string): readonly string[] {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    return [...(folders.get(folder) ?? [])].filter((key) => key.startsWith(prefix)).sort()
  }
}

/** ``, `a/` and `a/b/` of `a/b/c`. */
const foldersOf = (key: string): readonly string[] => [
  '',
  ...[...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index + 1)),
]

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key) ?? new Set()
  map.set(key, known)
  return known
}
