import { expect, test } from 'vitest'
import { checkMachine } from '../../../local/interpreter/check.ts'
import { TrellisError } from '../../../nas/errors.ts'
import type { StateMachine } from '../../../pipelines/asl.ts'

/** The message for a machine of these states; `unknown` because a mistake is often one that the types forbid. */
function refusal(States: Record<string, unknown>, StartAt = 'A'): string {
  try {
    checkMachine({ QueryLanguage: 'JSONata', StartAt, States } as unknown as StateMachine)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(TrellisError)
    expect(thrown).toMatchObject({ code: 'invalid-pipeline' })
    return (thrown as TrellisError).message
  }
  return 'accepted'
}

const end = { Type: 'Succeed' }
const pass = { Type: 'Pass', End: true }
const map = (inner: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'B', States: { B: inner } },
  End: true,
  ...more,
})

test.each<[string, Record<string, unknown>, RegExp]>([
  ['a field of JSONPath', { A: { ...pass, ResultPath: '$' } }, /state A.*ResultPath/],
  ['an unknown type', { A: { Type: 'Loop' } }, /state A, Type/],
  ['a Next that leads nowhere', { A: { Type: 'Pass', Next: 'Z' } }, /state A, Next: there is no state Z/],
  [
    'the result of a state that has none',
    {
      A: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.result and true %}', Next: 'B' }],
        Default: 'B',
      },
      B: end,
    },
    /state A, Choices\.0\.Condition: there is no \$states\.result here/,
  ],
  [
    'an error where nothing is caught',
    { A: { Type: 'Task', Resource: 'r', End: true, Output: '{% $states.errorOutput.Error %}' } },
    /state A, Output: there is no \$states\.errorOutput here/,
  ],
  ['neither Next nor End', { A: { Type: 'Pass' } }, /state A, Next: .*either/],
  [
    'a Default that leads nowhere',
    {
      A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }], Default: 'Z' },
      B: end,
    },
    /state A, Default: there is no state Z/,
  ],
  [
    'a catcher that leads nowhere',
    {
      A: { Type: 'Task', Resource: 'r', End: true, Catch: [{ ErrorEquals: ['E'], Next: 'Z' }] },
    },
    /state A, Catch\.0\.Next: there is no state Z/,
  ],
  [
    'a misspelt field deep in a state',
    {
      A: { Type: 'Task', Resource: 'r', End: true, Retry: [{ ErrorEquals: ['E'], MaxAttempt: 1 }] },
    },
    /state A, Retry\.0.*MaxAttempt/,
  ],
  [
    'States.ALL before another retrier',
    {
      A: {
        Type: 'Task',
        Resource: 'r',
        End: true,
        Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }],
      },
    },
    /state A, Retry: States\.ALL/,
  ],
  ['an expression that is no JSONata', { A: { ...pass, Output: { x: '{% 1 + %}' } } }, /state A, Output\.x/],
  [
    'a fault in an inner state',
    { A: map({ Type: 'Pass', Next: 'Z' }) },
    /state B, Next: there is no state Z/,
  ],
  ['a misspelt field in an inner state', { A: map({ ...pass, Nxt: 1 }) }, /state B.*Nxt/],
  ['two states of one name', { A: map(pass), B: pass }, /state B: another state/],
  [
    'a variable of the scope around',
    {
      A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' },
      M: map({ ...pass, Assign: { x: 2 } }),
    },
    /state B, Assign: \$x/,
  ],
  ['the reserved variable', { A: { ...pass, Assign: { states: 1 } } }, /state A, Assign: \$states/],
  [
    'an ItemReader on an inline Map',
    {
      A: map(pass, {
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSONL' },
          Arguments: { Bucket: 'b', Key: 'k' },
        },
      }),
    },
    /state A, ItemReader: only a Distributed Map/,
  ],
])('refuses %s, naming the state and the field', (_, States, message) => {
  expect(refusal(States)).toMatch(message)
})

test('refuses a StartAt that leads nowhere', () => {
  expect(refusal({ A: end }, 'Z')).toBe('the state machine, StartAt: there is no state Z')
})

test('a child execution may use the name of a variable of its parent: it cannot see it', () => {
  const ItemProcessor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'B',
    States: { B: { ...pass, Assign: { x: 2 } } },
  }
  expect(refusal({ A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' }, M: map(pass, { ItemProcessor }) })).toBe(
    'accepted',
  )
})
