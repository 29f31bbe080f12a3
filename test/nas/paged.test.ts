import { expect, test } from 'vitest'
import { paged } from '../../nas/paged.ts'

async function read(next: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const items: string[] = []
  const pages = paged('things', async (token = 'first') => ({ items: [token], next: next[token] }))
  for await (const item of pages) items.push(item)
  return items
}

test('all pages are read, in order', async () => {
  expect(await read({ first: 'second', second: 'third' })).toEqual(['first', 'second', 'third'])
})

test.each([
  ['itself', { first: 'second', second: 'second' }],
  ['a page before it', { first: 'second', second: 'third', third: 'second' }],
])('a page that leads to %s ends the list with an error', async (_, next) => {
  await expect(read(next)).rejects.toMatchObject({
    code: 'service-failed',
    message: 'the list of things leads back to a page that was read',
  })
})
