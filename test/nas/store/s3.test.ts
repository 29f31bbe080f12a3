import { createHash, randomBytes } from 'node:crypto'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { random } from '../../../nas/random.ts'
import { s3Store } from '../../../nas/store/s3.ts'
import { bytes, itKeepsTheContract, listed, text } from './contract.ts'
import { FAULTS, type FaultyProxy, faultyProxy } from './faulty-proxy.ts'
import { radosgwInstalled, type S3Server, startRadosgw } from './radosgw.ts'

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe.skipIf(!radosgwInstalled)('an S3 store', () => {
  let server: S3Server
  let client: S3Client
  beforeAll(async () => {
    server = await startRadosgw()
    for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value)
    client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true })
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await server?.stop()
  })

  let opened = 0
  const open = () => s3Store(`s3://bucket/${opened++}`)
  itKeepsTheContract(open)

  it('brings back 200 MB, sent in parts', async () => {
    const store = open()
    const sent = randomBytes(200e6)
    await store.put('checkpoint', sent)
    expect(sha256((await store.get('checkpoint'))!)).toBe(sha256(sent))
  })

  it('lists past the 1,000 keys of a page', async () => {
    const store = open()
    const keys = Array.from({ length: 1100 }, (_, i) => `trials/${String(i).padStart(4, '0')}`)
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => store.put(key, bytes('x'))))
    expect(await listed(store, 'trials/')).toEqual(keys)
  })

  it('keeps to its prefix, and can be a whole bucket', async () => {
    const store = open()
    await store.put('a', bytes('x'))
    const bucket = s3Store('s3://bucket')
    const key = `${store.location.slice('s3://bucket/'.length)}/a`
    expect(text(await bucket.get(key))).toBe('x')
    expect(await listed(bucket, key)).toEqual([key])
  })

  it('passes over the folders that the AWS console makes', async () => {
    const store = open()
    const folder = `${store.location.slice('s3://bucket/'.length)}/images/`
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: folder, Body: new Uint8Array() }))
    await store.put('images/a.png', bytes('x'))
    expect(await listed(store, 'images/')).toEqual(['images/a.png'])
  })

  it.each([
    ['a bucket that is not there', 's3://other-bucket', {}, 'NoSuchBucket', 'trellis deploy'],
    ['a wrong key', 's3://bucket', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'SignatureDoesNotMatch', 'sign in'],
    ['an unknown user', 's3://bucket', { AWS_ACCESS_KEY_ID: 'nobody' }, 'InvalidAccessKeyId', 'sign in'],
    ['no server', 's3://bucket', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, 'ECONNREFUSED', 'network'],
    ['no region', 's3://bucket', { AWS_REGION: undefined }, 'Region is missing', 'AWS_REGION'],
  ])('says what to do about %s', async (_, address, environment, message, fix) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    try {
      const failure = {
        code: 'store-failed',
        message: expect.stringMatching(`^cannot read ${address}/a/b: .*${message}`),
        fix: expect.stringContaining(fix),
      }
      await expect(s3Store(address).get('a/b')).rejects.toMatchObject(failure)
    } finally {
      for (const [name, value] of Object.entries(server.environment)) vi.stubEnv(name, value)
    }
  })

  describe('where one call in five fails', () => {
    let proxy: FaultyProxy
    beforeAll(async () => {
      const draws = random(0, 'faults')
      proxy = await faultyProxy(server.endpoint, () =>
        draws.integer(5) === 0 ? draws.pick(FAULTS) : undefined,
      )
    })
    afterAll(async () => {
      await proxy.stop()
      for (const [fault, count] of Object.entries(proxy.faults)) expect(count, fault).toBeGreaterThan(5)
    })
    const openFaulty = () => s3Store(`s3://bucket/${opened++}`, { endpoint: proxy.endpoint })

    it('loses nothing', async () => {
      const store = openFaulty()
      const keys = Array.from({ length: 100 }, (_, i) => `objects/${String(i).padStart(3, '0')}`)
      await Promise.all(keys.map((key) => store.put(key, bytes(`content of ${key}`))))
      expect(await listed(store, 'objects/')).toEqual(keys)
      const found = await Promise.all(keys.map(async (key) => text(await store.get(key))))
      expect(found).toEqual(keys.map((key) => `content of ${key}`))
      await Promise.all(keys.map((key) => store.delete(key)))
      expect(await listed(store, '')).toEqual([])
    })

    it('has one winner of every race, who knows it', async () => {
      const store = openFaulty()
      const races = Array.from({ length: 60 }, async (_, race) => {
        const writers = Array.from({ length: 4 }, (_, writer) => writer)
        const won = await Promise.all(
          writers.map((writer) => store.putIfAbsent(`race/${race}`, bytes(`${writer}`))),
        )
        expect(won.filter(Boolean)).toHaveLength(1)
        expect(text(await store.get(`race/${race}`))).toBe(`${won.indexOf(true)}`)
      })
      await Promise.all(races)
    })

    it('reads objects that were uploaded in parts', async () => {
      const store = openFaulty()
      const sent = randomBytes(40e6)
      for (const key of ['a', 'b', 'c']) {
        await store.put(key, sent)
        expect(sha256((await store.get(key))!)).toBe(sha256(sent))
      }
    })
  })

  it.each([10, 20e6])('tells a writer of %i bytes that it won, though the reply was lost', async (length) => {
    let calls = 0
    const proxy = await faultyProxy(server.endpoint, (method) =>
      method === 'PUT' && ++calls === 1 ? 'reply lost' : undefined,
    )
    const store = s3Store(`s3://bucket/${opened++}`, { endpoint: proxy.endpoint })
    expect(await store.putIfAbsent('result', randomBytes(length))).toBe(true)
    expect(await store.putIfAbsent('result', randomBytes(length))).toBe(false)
    await proxy.stop()
    expect(proxy.faults['reply lost']).toBe(1)
  })

  it('ends an upload in parts whose last reply was lost', async () => {
    let calls = 0
    const proxy = await faultyProxy(server.endpoint, (method) =>
      method === 'POST' && ++calls === 2 ? 'reply lost' : undefined,
    )
    const sent = randomBytes(20e6)
    const store = s3Store(`s3://bucket/${opened++}`, { endpoint: proxy.endpoint })
    await store.put('checkpoint', sent)
    expect(proxy.faults['reply lost']).toBe(1)
    expect(sha256((await store.get('checkpoint'))!)).toBe(sha256(sent))
    await proxy.stop()
  })
})
