import { expect, test } from 'vitest'
import { isPyTorchFile } from '../../../nas/store/pytorch-file.ts'
import { encodeSafetensors } from '../../../nas/store/safetensors.ts'

test('a zip archive without a pickle is none', () => {
  expect(isPyTorchFile(Buffer.from(`PK\x03\x04${'\0'.repeat(26)}weights.npy`, 'latin1'))).toBe(false)
})

test('a safetensors file whose length begins like a pickle is none', () => {
  const bytes = encodeSafetensors({}, { padding: ' '.repeat(0x280 - 112) })
  expect([...bytes.subarray(0, 3)]).toEqual([0x80, 0x02, 0])
  expect(isPyTorchFile(bytes)).toBe(false)
})

test('nor is what is shorter than any', () => {
  for (const length of [0, 1, 3]) expect(isPyTorchFile(new Uint8Array(length).fill(0x80))).toBe(false)
})
