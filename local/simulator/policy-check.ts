import { type Policy, policyOf, type StoreLayout } from '../../nas/runs/store-layout.ts'
import type { Write } from './bucket/bucket.ts'

/** Holds writes against the policies of their keys. */
export function createPolicyCheck(layout: StoreLayout) {
  const policies = new Map<string, Policy | undefined>()
  const writers = new Map<string, string>()
  const known = (key: string): Policy | undefined => {
    if (!policies.has(key)) policies.set(key, policyOf(layout, key))
    return policies.get(key)
  }
  return {
    /** The promise that a write breaks, if it breaks one. */
    brokenBy({ by, key, kept, before }: Write): string | undefined {
      const policy = known(key)
      if (policy === undefined) return `${key} has no policy, and ${by.name} writes it`
      if (!kept) return undefined
      if (before === undefined) {
        writers.set(key, by.name)
        return undefined
      }
      if (policy === 'once') return `${key} was written twice`
      if (policy === 'claimed' && writers.get(key) !== by.name)
        return `${key} was written by ${writers.get(key)}, and then by ${by.name}`
      return undefined
    },
  }
}
