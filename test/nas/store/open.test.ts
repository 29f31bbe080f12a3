import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { openStore } from '../../../nas/store/open.ts'

it('opens folders and buckets by their addresses', () => {
  expect(openStore(tmpdir()).location).toBe(tmpdir())
  expect(openStore('s3://bucket').location).toBe('s3://bucket')
  expect(openStore('s3://my.bucket/').location).toBe('s3://my.bucket')
  expect(openStore('s3://bucket/some/prefix/').location).toBe('s3://bucket/some/prefix')
})

it.each(['s3://', 's3:///prefix', 's3://Bucket', 's3://bucket//prefix', 's3://b'])(
  'says how to write the address of a bucket, given %s',
  (address) => {
    expect(() => openStore(address)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(address) }),
    )
  },
)

it.each(['https://x/y', 'file:///tmp', 'file:tmp', 's3:/bucket', 'S3://bucket', '', 'a\nb'])(
  '%j is neither a folder nor a bucket',
  (location) => {
    expect(() => openStore(location)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  },
)
