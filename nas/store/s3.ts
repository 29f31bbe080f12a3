import { randomUUID } from 'node:crypto'
import type { PutObjectCommandInput, S3, S3ServiceException } from '@aws-sdk/client-s3'
import pRetry from 'p-retry'
import { TrellisError } from '../errors.ts'
import type { VersionedStore } from './store.ts'
import { validKey } from './valid-key.ts'

export interface S3Options {
  /** Of an S3 server other than AWS's own. */
  readonly endpoint?: string | undefined
}

/** What is larger is sent in parts of this size, four at a time. */
const PART_BYTES = 16 * 2 ** 20

/**
 * Objects in an S3 bucket. Region, credentials and endpoint come from where the AWS SDK looks for them, which is loaded by
 * the first operation and not before.
 *
 * @param address `s3://bucket` or `s3://bucket/prefix`
 * @throws TrellisError `invalid-config` for anything else
 */
export function s3Store(
  address: string,
  { endpoint = process.env.AWS_ENDPOINT_URL_S3 }: S3Options = {},
): VersionedStore {
  const { bucket, root } = parseAddress(address)
  const location = `s3://${bucket}/${root}`.replace(/\/$/, '')
  const object = (key: string) => ({ Bucket: bucket, Key: root + validKey(key, location) })

  let connected: Promise<S3> | undefined
  async function attempt<T>(verb: string, key: string, operation: (s3: S3) => Promise<T>): Promise<T> {
    connected ??= connect(endpoint)
    const s3 = await connected
    try {
      return await pRetry(() => operation(s3), {
        retries: 6,
        minTimeout: 100,
        randomize: true,
        shouldRetry: ({ error }) => isPassing(error),
      })
    } catch (cause) {
      throw storeFailed(`cannot ${verb} ${location}/${key}`, cause)
    }
  }

  /**
   * True if this write is what is in the store then. A write names its writer: where the reply to a put-if-absent was lost,
   * the SDK's second try finds the object there, and only the name tells whose it is.
   */
  async function write(key: string, bytes: Uint8Array, send: Send): Promise<boolean> {
    const target = object(key)
    const writer = randomUUID()
    return attempt('write', key, async (s3) => {
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
    })
  }

  /** An ETag tells contents apart, however they were uploaded. */
  async function* versions(prefix: string): AsyncGenerator<readonly [key: string, version: string]> {
    let next: string | undefined
    do {
      const request = { Bucket: bucket, Prefix: root + prefix, ContinuationToken: next }
      const page = await attempt('list', prefix, (s3) => s3.listObjectsV2(request))
      for (const { Key, ETag } of page.Contents ?? []) {
        // The AWS console makes such objects, to show an empty folder.
        if (!Key!.endsWith('/')) yield [Key!.slice(root.length), ETag!]
      }
      next = page.NextContinuationToken
    } while (next !== undefined)
  }

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
    // Whole, up to the 5 GB of one request: not every S3 server heeds the condition at the end of an upload in parts.
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

const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/([^/]+(?:\/[^/]+)*))?\/?$/

function parseAddress(address: string): { readonly bucket: string; readonly root: string } {
  const [, bucket, prefix] = ADDRESS.exec(address) ?? []
  if (bucket === undefined)
    throw new TrellisError('invalid-config', `${address} is not the address of a bucket`, {
      fix: 'write s3://bucket or s3://bucket/prefix',
    })
  return { bucket, root: prefix === undefined ? '' : `${prefix}/` }
}

type Send = (s3: S3, request: PutObjectCommandInput) => Promise<unknown>

const sendWhole: Send = (s3, request) => s3.putObject(request)

const sendInParts: Send = async (client, params) => {
  const { Upload } = await import('@aws-sdk/lib-storage')
  return new Upload({ client, params, partSize: PART_BYTES }).done()
}

async function connect(endpoint: string | undefined): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3')
  return new S3({
    // Other servers are reached by their own name alone, and know no checksums behind a body.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A connection that went silent would hold a job, and its GPU, for ever.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
  })
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name)

const undefinedIf =
  (name: string) =>
  (error: unknown): undefined => {
    if (!isNamed(error, name)) throw error
  }

/**
 * What the SDK does not try again, or not often enough when many requests are throttled at once: another write of the same
 * object under way (409), a server that asks for patience (5xx), an upload whose reply was lost, a body that broke off.
 */
function isPassing(error: Error): boolean {
  const { $metadata, code = '' } = error as Partial<S3ServiceException> & NodeJS.ErrnoException
  const status = $metadata?.httpStatusCode ?? 0
  return status === 409 || status >= 500 || error.name === 'NoSuchUpload' || BROKEN.includes(code)
}

const BROKEN: readonly string[] = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']

const CREDENTIALS = 'sign in to AWS (aws sso login, aws configure), or set AWS_PROFILE'
const NETWORK = 'check the network, and AWS_ENDPOINT_URL_S3 if it is set'
const REGION = 'set AWS_REGION to the region of the bucket'

/** By name, system error code or message. */
const FIXES: Readonly<Record<string, string>> = {
  CredentialsProviderError: CREDENTIALS,
  ExpiredToken: CREDENTIALS,
  InvalidAccessKeyId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  NoSuchBucket: 'make the bucket with trellis deploy, or name another store',
  // Without the right to list, an object that does not exist is "denied" as well.
  AccessDenied:
    'allow s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket there to whoever runs this',
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  'Region is missing': REGION,
  ECONNREFUSED: NETWORK,
  ENOTFOUND: NETWORK,
  TimeoutError: NETWORK,
}

function storeFailed(what: string, cause: unknown): TrellisError {
  const { name, message, code = '' } = cause as NodeJS.ErrnoException
  return new TrellisError('store-failed', `${what}: ${name}: ${message.split('\n')[0]}`, {
    fix: FIXES[name] ?? FIXES[code] ?? FIXES[message] ?? 'see the cause, then resume the run',
    cause,
  })
}
