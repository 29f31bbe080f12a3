import { z } from 'zod'
import { expressionIn } from './expression.ts'

/** The supported part of Amazon States Language; any other field is refused. */

const expression = z
  .string()
  .refine((text) => expressionIn(text) !== undefined, 'must be a {% JSONata %} expression')
const seconds = z.number().int().min(1)
const count = z.union([z.number().int().min(0), expression])
const result = { Output: z.json().optional(), Assign: z.record(z.string(), z.json()).optional() }
const described = { Comment: z.string().optional() }
const transition = { Next: z.string().optional(), End: z.literal(true).optional() }

/** States.ALL must stand alone, and last: no handler after it could match. */
const handlers = <T extends { ErrorEquals: readonly string[] }>(handler: z.ZodType<T>) =>
  z
    .array(handler)
    .refine(
      (all) =>
        all.every(
          ({ ErrorEquals }, index) =>
            !ErrorEquals.includes('States.ALL') || (ErrorEquals.length === 1 && index === all.length - 1),
        ),
      'States.ALL must stand alone and last',
    )
    .optional()

const errors = z.array(z.string()).min(1)
const recoverable = {
  Retry: handlers(
    z.strictObject({
      ErrorEquals: errors,
      IntervalSeconds: seconds.optional(),
      BackoffRate: z.number().min(1).optional(),
      MaxDelaySeconds: seconds.optional(),
      MaxAttempts: z.number().int().min(0).optional(),
      JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
    }),
  ),
  Catch: handlers(z.strictObject({ ErrorEquals: errors, Next: z.string(), ...result })),
}

const machineBody = {
  StartAt: z.string(),
  States: z.record(
    z.string(),
    z.lazy(() => state),
  ),
}

const itemReader = z.strictObject({
  Resource: z.literal('arn:aws:states:::s3:getObject'),
  ReaderConfig: z.strictObject({ InputType: z.literal('JSONL') }),
  Arguments: z.strictObject({ Bucket: z.string(), Key: z.string() }),
})

const processorConfig = z.discriminatedUnion('Mode', [
  z.strictObject({ Mode: z.literal('INLINE') }),
  z.strictObject({ Mode: z.literal('DISTRIBUTED'), ExecutionType: z.literal('STANDARD') }),
])

const state: z.ZodType = z.discriminatedUnion('Type', [
  z.strictObject({ Type: z.literal('Pass'), ...described, ...transition, ...result }),
  z.strictObject({
    Type: z.literal('Task'),
    ...described,
    ...transition,
    ...result,
    ...recoverable,
    Resource: z.string(),
    Arguments: z.json().optional(),
    TimeoutSeconds: seconds.optional(),
  }),
  z.strictObject({
    Type: z.literal('Choice'),
    ...described,
    ...result,
    Choices: z.array(z.strictObject({ Condition: expression, Next: z.string(), ...result })).min(1),
    Default: z.string().optional(),
  }),
  z.strictObject({
    Type: z.literal('Wait'),
    ...described,
    ...transition,
    ...result,
    Seconds: z.union([z.number().min(0), expression]),
  }),
  z.strictObject({
    Type: z.literal('Parallel'),
    ...described,
    ...transition,
    ...result,
    ...recoverable,
    Arguments: z.json().optional(),
    Branches: z.array(z.strictObject(machineBody)).min(1),
  }),
  z.strictObject({
    Type: z.literal('Map'),
    ...described,
    ...transition,
    ...result,
    ...recoverable,
    Items: z.union([expression, z.array(z.json())]).optional(),
    ItemReader: itemReader.optional(),
    ItemSelector: z.json().optional(),
    ItemBatcher: z.strictObject({ MaxItemsPerBatch: count, BatchInput: z.json().optional() }).optional(),
    ItemProcessor: z.strictObject({ ...machineBody, ProcessorConfig: processorConfig.optional() }),
    MaxConcurrency: count.optional(),
    ToleratedFailureCount: count.optional(),
    ToleratedFailurePercentage: count.optional(),
  }),
  z.strictObject({ Type: z.literal('Succeed'), ...described, Output: z.json().optional() }),
  z.strictObject({
    Type: z.literal('Fail'),
    ...described,
    Error: z.string().optional(),
    Cause: z.string().optional(),
  }),
])

export const machineSchema = z.strictObject({
  ...described,
  ...machineBody,
  QueryLanguage: z.literal('JSONata'),
  TimeoutSeconds: seconds.optional(),
})
