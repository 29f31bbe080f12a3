import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SFNServiceException } from '@aws-sdk/client-sfn'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { onAws } from '../../../cli/aws/errors.ts'
import { openBatch } from '../../../cli/aws/services/batch.ts'
import { exitReportOf } from '../../../cli/boundary.ts'
import { TrellisError } from '../../../nas/errors.ts'

const ofService = (name: string, message: string) =>
  new SFNServiceException({ name, message, $fault: 'client', $metadata: {} })
const named = (name: string, message: string) => Object.assign(new Error(message), { name })

const linesOf = (error: unknown) =>
  onAws(() => Promise.reject(error)).then(
    () => undefined,
    (thrown) => exitReportOf(thrown, false),
  )

describe('what AWS says comes out as one line, a fix, and status 2', () => {
  test.each([
    [
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'no AWS credentials are to be found',
      'sign in',
    ],
    [
      named('CredentialsProviderError', 'The SSO session associated with this profile has expired'),
      'have expired',
      'sign in',
    ],
    [ofService('ExpiredTokenException', 'The security token included is expired'), 'have expired', 'sign in'],
    [new Error('Region is missing'), 'no AWS region is set', 'AWS_REGION'],
    [
      new Error('Region not accepted: region="eu west" is not a valid hostname component.'),
      'region="eu west"',
      'AWS_REGION',
    ],
    [
      ofService('AccessDeniedException', 'User: u is not authorized to perform: states:StopExecution'),
      'not authorized to perform: states:StopExecution',
      'administrator',
    ],
    [
      ofService('UnrecognizedClientException', 'The security token is invalid'),
      'does not accept the credentials',
      'sign in',
    ],
    [ofService('ThrottlingException', 'Rate exceeded'), 'throttles', 'try again'],
    [
      ofService('StateMachineDoesNotExist', 'State Machine Does Not Exist'),
      'not there any more',
      'trellis deploy',
    ],
    [
      Object.assign(new Error('getaddrinfo ENOTFOUND states.mars-1.amazonaws.com'), { code: 'ENOTFOUND' }),
      'cannot be reached: getaddrinfo ENOTFOUND states.mars-1',
      'AWS_REGION',
    ],
    [
      ofService('InvalidArn', 'first line\nsecond line'),
      'AWS answers InvalidArn: first line',
      'trellis doctor',
    ],
  ])('%s', async (error, what, fix) => {
    const { status, lines } = (await linesOf(error))!
    expect(status).toBe(2)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(what)
    expect(lines[1]).toContain(fix)
  })

  test('errors of Trellis and defects stay what they are', async () => {
    const ours = new TrellisError('not-found', 'there is no run x')
    const defect = new TypeError('x is not a function')
    await expect(onAws(() => Promise.reject(ours))).rejects.toBe(ours)
    await expect(onAws(() => Promise.reject(defect))).rejects.toBe(defect)
  })
})

test('a client waits out throttling', async () => {
  let requests = 0
  const server = createServer((_, response) => {
    const throttled = ++requests <= 3
    response.writeHead(throttled ? 429 : 200, {
      'content-type': 'application/json',
      ...(throttled && { 'x-amzn-errortype': 'TooManyRequestsException' }),
    })
    response.end(throttled ? '{"message":"Too Many Requests"}' : '{"jobs":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    vi.unstubAllEnvs()
  })
  vi.stubEnv('AWS_ENDPOINT_URL_BATCH', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_REGION', 'eu-west-1')
  const batch = await openBatch()
  expect((await batch.describeJobs({ jobs: ['a'] })).jobs).toEqual([])
  expect(requests).toBe(4)
})
