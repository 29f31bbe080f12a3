export interface Page<T> {
  readonly items: readonly T[] | undefined
  readonly next: string | undefined
}

/** All items of a listing that AWS gives out page by page. */
export async function* paged<T>(ask: (next: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let next: string | undefined
  do {
    const page = await ask(next)
    yield* page.items ?? []
    next = page.next
  } while (next !== undefined)
}
