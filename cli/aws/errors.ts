import { TrellisError } from '../../nas/errors.ts'

/** Does something on AWS. What its SDK throws comes out as a line that a person can act on. */
export async function onAws<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explain(error)
  }
}

interface Explanation {
  readonly what: string
  readonly fix: string
}

const SIGN_IN = 'sign in to AWS (aws sso login, aws configure), or set AWS_PROFILE'
const expired: Explanation = { what: 'the AWS credentials have expired', fix: SIGN_IN }
const refused: Explanation = { what: 'AWS does not accept the credentials', fix: SIGN_IN }
const denied: Explanation = {
  what: 'AWS denies it',
  fix: 'let an administrator allow that action, or set AWS_PROFILE to who may do it',
}
const throttled: Explanation = { what: 'AWS throttles the requests', fix: 'try again in a minute' }
const unreachable: Explanation = {
  what: 'AWS cannot be reached',
  fix: 'check the network, and whether AWS_REGION names a region',
}
const gone: Explanation = {
  what: 'what was deployed is not there any more',
  fix: 'trellis deploy, with the credentials and the region of the deployment',
}

/** By the name of the error, or its system error code. Where the name alone says little, AWS's message follows. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  CredentialsProviderError: { what: 'no AWS credentials are to be found', fix: SIGN_IN },
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  UnrecognizedClientException: refused,
  InvalidClientTokenId: refused,
  InvalidSignatureException: refused,
  SignatureDoesNotMatch: refused,
  AuthFailure: refused,
  IncompleteSignature: refused,
  AccessDenied: denied,
  AccessDeniedException: denied,
  UnauthorizedOperation: denied,
  ThrottlingException: throttled,
  Throttling: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  StateMachineDoesNotExist: gone,
  ENOTFOUND: unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  EAI_AGAIN: unreachable,
  TimeoutError: unreachable,
}

/** Errors whose message names what was denied to whom, and is worth reading. */
const TELLING: readonly Explanation[] = [denied, refused, unreachable]

/** An error of the SDK as a TrellisError `service-failed`; anything else as it is. */
export function explain(error: unknown): unknown {
  if (error instanceof TrellisError || !(error instanceof Error)) return error
  const failed = (what: string, fix: string) =>
    new TrellisError('service-failed', what, { fix, cause: error })
  if (error.message === 'Region is missing') {
    return failed('no AWS region is set', 'set AWS_REGION, or the region of the profile')
  }
  if (error.message.startsWith('Region not accepted')) {
    return failed(firstLine(error), 'set AWS_REGION, or the region of the profile, to one such as eu-west-1')
  }
  const { code = '' } = error as NodeJS.ErrnoException
  const explanation = EXPLANATIONS[error.name] ?? EXPLANATIONS[code]
  if (explanation !== undefined) {
    const { what, fix } =
      error.name === 'CredentialsProviderError' && /expired/i.test(error.message) ? expired : explanation
    return failed(TELLING.includes(explanation) ? `${what}: ${firstLine(error)}` : what, fix)
  }
  if ('$metadata' in error) {
    return failed(`AWS answers ${error.name}: ${firstLine(error)}`, 'trellis doctor looks for what is wrong')
  }
  return error
}

const firstLine = ({ message }: Error): string => message.split('\n')[0]!

/** True for an error of the SDK with one of these names. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name)
