/** Quotas that cannot be raised, of the developer guides of Step Functions, Batch and CloudFormation. */
export const LIMITS = {
  /** UTF-8 bytes of what a state takes in or hands on. */
  payload: 256 * 1024,
  eventsOfExecution: 25_000,
  definition: 1024 * 1024,
  /** Children of a distributed map at once. */
  children: 10_000,
  /** Bytes of the object that a map reads its items from. */
  manifest: 10 * 1024 ** 3,
  /** Bytes of a SubmitJob request. */
  submit: 30 * 1024,
  /** Characters. */
  containerOverrides: 8192,
  jobDefinition: 24 * 1024,
  /** Of CloudFormation. */
  template: 1_000_000,
  resources: 500,
} as const

/** Something that must stay within a limit, with how its size comes about. */
export interface Claim {
  readonly what: string
  readonly size: number
  readonly limit: number
  /** For people: what the size is made of. */
  readonly arithmetic: string
}

export const holds = ({ size, limit }: Claim): boolean => size <= limit

/** `events of an execution: 2 + 76 rounds x 68 + 104 = 5,274 of 25,000` */
export const show = ({ what, size, limit, arithmetic }: Claim): string =>
  `${what}: ${arithmetic} = ${number(size)} of ${number(limit)}`

export const number = (n: number): string => n.toLocaleString('en-US')
