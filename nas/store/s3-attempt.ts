import type { S3, S3ServiceException } from '@aws-sdk/client-s3'
import pRetry from 'p-retry'
import { TrellisError } from '../errors.ts'

/** Runs an operation on the client until it succeeds or fails for good. */
export type Attempt = <T>(verb: string, key: string, operation: (s3: S3) => Promise<T>) => Promise<T>

/** @param endpoint of an S3 server other than AWS's own; the first attempt connects to it */
export function retrying(endpoint: string | undefined, location: string): Attempt {
  let connected: Promise<S3> | undefined
  return async (verb, key, operation) => {
    connected ??= connect(endpoint)
    const s3 = await connected
    try {
      return await pRetry(() => operation(s3), {
        retries: 6,
        minTimeout: 100,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
      })
    } catch (cause) {
      throw storeFailed(`cannot ${verb} ${location}/${key}`, cause)
    }
  }
}

async function connect(endpoint: string | undefined): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3')
  return new S3({
    // Other servers may lack virtual-hosted buckets and trailing checksums.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A silent connection would hold a job, and its GPU, for ever.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
  })
}

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name)

export const undefinedIf =
  (name: string) =>
  (error: unknown): undefined => {
    if (!isNamed(error, name)) throw error
  }

/**
 * Errors that the SDK does not retry, or not often enough when many requests are throttled at once: a concurrent write of the
 * same object (409), an overloaded server (5xx), an upload whose reply was lost, a truncated body.
 */
function isTransient(error: Error): boolean {
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
