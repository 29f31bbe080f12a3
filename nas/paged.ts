import { TrellisError } from './errors.ts'

export interface Page<T> {
  readonly items: readonly T[] | undefined
  readonly next: string | undefined
}

/**
 * All items of a listing that a service gives out page by page.
 * @param what is listed, for errors
 * @throws TrellisError `service-failed` where a page leads back to one before it, which would never end
 */
export async function* paged<T>(
  what: string,
  ask: (next: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T> {
  const asked = new Set<string>()
  let next: string | undefined
  do {
    const page = await ask(next)
    yield* page.items ?? []
    next = page.next
    if (next !== undefined && asked.has(next))
      throw new TrellisError('service-failed', `the list of ${what} leads back to a page that was read`, {
        fix: 'try again; where it stays so, the service is at fault, or what stands in for it',
      })
    asked.add(next ?? '')
  } while (next !== undefined)
}
