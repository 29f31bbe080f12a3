import { randomUUID } from 'node:crypto'
import type { PutObjectCommandInput, S3 } from '@aws-sdk/client-s3'
import { TrellisError } from '../errors.ts'
import { paged } from '../paged.ts'
import { type Attempt, isNamed, retrying, undefinedIf } from './s3-attempt.ts'
import type { VersionedStore } from './store.ts'
import { validKey } from './valid-key.ts'

interface S3Options {
  /** Endpoint of an S3 server other than AWS's own. */
  readonly endpoint?: string | undefined
}

/** Larger objects are uploaded in parts of this size, four at a time. */
const PART_BYTES = 16 * 2 ** 20

/**
 * Objects in an S3 bucket. Region, credentials and endpoint are those that the AWS SDK finds; the first operation loads it.
 *
 * @param address `s3://bucket` or `s3://bucket/prefix`
 * @throws TrellisError `invalid-config` for anything else
 */
export function s3Store(
  address: string,
  { endpoint = process.env.AWS_ENDPOINT_URL_S3 }: S3Options = {},
): VersionedStore {
  const place = parseAddress(address)
  const { location } = place
  const attempt = retrying(endpoint, location)
  const object = (key: string) => objectOf(place, key)
  const write = async (key: string, bytes: Uint8Array, send: Send) => {
    const target = object(key)
    const writer = randomUUID()
    return attempt('write', key, (s3) => writeAs(writer, s3, target, bytes, send))
  }
  const versions = (prefix: string) => listObjects(place, prefix, attempt)
  return {
    location,
    async get(key) {
      const source = object(key)
      return attempt('read', key, async (s3) => {
        const found = await s3.getObject(source).catch(undefinedIf('NoSuchKey'))
        return found?.Body?.transformToByteArray()
      })
    },
    async put(key, bytes) {
      await write(key, bytes, bytes.length > PART_BYTES ? sendInParts : sendWhole)
    },
    // Whole, up to the 5 GB of one request: some S3 servers ignore the condition when a multipart upload completes.
    putIfAbsent: (key, bytes) =>
      write(key, bytes, (s3, request) => sendWhole(s3, { ...request, IfNoneMatch: '*' })),
    async *list(prefix) {
      for await (const [key] of versions(prefix)) yield key
    },
    versions,
    async delete(key) {
      const target = object(key)
      await attempt('delete', key, (s3) => s3.deleteObject(target))
    },
  }
}

/**
 * One attempt to write. A write names its writer: where the reply to a put-if-absent was lost, the SDK's retry finds the object
 * there, and the name tells whose it is.
 * @returns whether this write is what is in the store then
 */
async function writeAs(
  writer: string,
  s3: S3,
  target: ObjectAddress,
  bytes: Uint8Array,
  send: Send,
): Promise<boolean> {
  try {
    await send(s3, { ...target, Body: bytes, Metadata: { writer } })
    return true
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailed', 'NoSuchUpload')) throw error
    const found = await s3.headObject(target).catch(undefinedIf('NotFound'))
    if (found?.Metadata?.writer === writer) return true
    if (isNamed(error, 'PreconditionFailed')) return false
    throw error
  }
}

/** Keys and ETags: an ETag identifies contents, however they were uploaded. */
async function* listObjects(
  { bucket, root, location }: Place,
  prefix: string,
  attempt: Attempt,
): AsyncGenerator<readonly [key: string, version: string]> {
  const objects = paged(`${location}/${prefix}`, async (next) => {
    const request = { Bucket: bucket, Prefix: root + prefix, ContinuationToken: next }
    const page = await attempt('list', prefix, (s3) => s3.listObjectsV2(request))
    return { items: page.Contents, next: page.NextContinuationToken }
  })
  for await (const { Key, ETag } of objects) {
    // The AWS console makes such objects, to show an empty folder.
    if (!Key!.endsWith('/')) yield [Key!.slice(root.length), ETag!]
  }
}

interface ObjectAddress {
  readonly Bucket: string
  readonly Key: string
}

interface Place {
  readonly bucket: string
  /** The prefix of all keys. */
  readonly root: string
  readonly location: string
}

const objectOf = ({ bucket, root, location }: Place, key: string): ObjectAddress => ({
  Bucket: bucket,
  Key: root + validKey(key, location),
})

const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/([^/]+(?:\/[^/]+)*))?\/?$/

function parseAddress(address: string): Place {
  const [, bucket, prefix] = ADDRESS.exec(address) ?? []
  if (bucket === undefined)
    throw new TrellisError('invalid-config', `${address} is not the address of a bucket`, {
      fix: 'write s3://bucket or s3://bucket/prefix',
    })
  const root = prefix === undefined ? '' : `${prefix}/`
  return { bucket, root, location: `s3://${bucket}/${root}`.replace(/\/$/, '') }
}

type Send = (s3: S3, request: PutObjectCommandInput) => Promise<unknown>

const sendWhole: Send = (s3, request) => s3.putObject(request)

const sendInParts: Send = async (client, params) => {
  const { Upload } = await import('@aws-sdk/lib-storage')
  return new Upload({ client, params, partSize: PART_BYTES }).done()
}
