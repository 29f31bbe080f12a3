import { expect, test } from 'vitest'
import { checkOpenFiles } from '../../cli/open-files.ts'

const limits = (most: string) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             unlimited            unlimited            processes
Max open files            ${most}                64                   files
`

test('too few files are refused before a module cannot be found', () => {
  expect(() => checkOpenFiles(limits('64'))).toThrow(
    expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('may open 64 files') }),
  )
})

test.each([limits('1024'), limits('unlimited'), ''])('others are not: %#', (text) => {
  expect(() => checkOpenFiles(text)).not.toThrow()
})
