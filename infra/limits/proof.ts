import type { SearchSize } from '../../nas/runs/search-size.ts'
import type { StateMachine } from '../../pipelines/asl.ts'
import { mapsOf, tasksOf } from '../machines/tasks.ts'
import { eventsClaim } from './events.ts'
import { type Claim, LIMITS, number } from './limits.ts'
import { payloadClaims, submitClaims } from './payloads.ts'
import { shardsOf } from './size.ts'
import { bytes, shard } from './widest.ts'

/**
 * Everything about a machine that AWS limits and that grows with a search, for a search of the given size. What holds is
 * proven: each size is an upper bound.
 */
export function claimsOf(name: string, machine: StateMachine, size: SearchSize): readonly Claim[] {
  const maps = mapsOf(machine)
  const submits = tasksOf(machine).filter(([, { Resource }]) => Resource.includes('batch:submitJob'))
  return [
    eventsClaim(`events of ${name}`, machine, size),
    ...maps.map(([map, { ItemProcessor }]) => eventsClaim(`events of a job of ${map}`, ItemProcessor, size)),
    ...payloadClaims(name, machine, size),
    ...submits.flatMap((submit) => submitClaims(submit, size)),
    ...(maps.length === 0 ? [] : [manifestClaim(size), childrenClaim(size)]),
    definitionClaim(name, machine),
  ]
}

function manifestClaim(size: SearchSize): Claim {
  const shards = shardsOf(size)
  const line = bytes({ trials: shard(size).trials }) + 1
  return {
    what: 'manifest of a map, in bytes',
    size: shards * line,
    limit: LIMITS.manifest,
    arithmetic: `${number(shards)} jobs x ${number(line)}`,
  }
}

const childrenClaim = ({ concurrency }: SearchSize): Claim => ({
  what: 'children of a map at once',
  size: concurrency,
  limit: LIMITS.children,
  arithmetic: 'concurrency',
})

function definitionClaim(name: string, machine: StateMachine): Claim {
  // Names become ARNs, which are longer.
  const text = JSON.stringify(machine).replaceAll(/\$\{\w+\}/g, 'a'.repeat(256))
  return {
    what: `definition of ${name}, in bytes`,
    size: Buffer.byteLength(text),
    limit: LIMITS.definition,
    arithmetic: 'with its names resolved',
  }
}
