import { TrellisError } from '../../nas/errors.ts'
import type { State, StateMachine, States } from '../../pipelines/asl.ts'
import { compile, expressionIn } from './expression.ts'
import { machineSchema } from './schema.ts'

/** @throws TrellisError `invalid-pipeline` with the state and the field, for what CreateStateMachine refuses. */
export function checkMachine(machine: StateMachine): void {
  if (checked.has(machine)) return
  const parsed = machineSchema.safeParse(machine)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    const at = path.lastIndexOf('States')
    const name = at === -1 ? undefined : path[at + 1]
    throw invalid(name?.toString(), path.slice(name === undefined ? 0 : at + 2).join('.'), message)
  }
  checkStates(machine, new Set(), new Set(), undefined)
  checked.add(machine)
}

/** Machines are immutable, and executed many times. */
const checked = new WeakSet<StateMachine>()

const invalid = (state: string | undefined, field: string, problem: string, cause?: unknown) =>
  new TrellisError(
    'invalid-pipeline',
    `${state === undefined ? 'the state machine' : `state ${state}`}${field && `, ${field}`}: ${problem}`,
    { fix: 'correct the definition in pipelines/', cause },
  )

/**
 * @param names the names of all states so far: they are unique in a machine, inner states included
 * @param outer the variables of enclosing states: they can be read here, but not assigned
 * @param owner the state that contains these states
 */
function checkStates(
  { StartAt, States }: States,
  names: Set<string>,
  outer: ReadonlySet<string>,
  owner: string | undefined,
): void {
  if (!(StartAt in States)) throw invalid(owner, 'StartAt', `there is no state ${StartAt}`)
  const variables = new Set([...outer, ...Object.values(States).flatMap(assigned)])
  for (const [name, state] of Object.entries(States)) {
    if (names.has(name)) throw invalid(name, '', 'another state has this name')
    names.add(name)
    checkTransitions(name, state, States)
    checkExpressions(name, '', state, state.Type)
    const shadowed = assigned(state).find((variable) => outer.has(variable) || variable === 'states')
    if (shadowed) throw invalid(name, 'Assign', `$${shadowed} belongs to the scope around it`)
    if (state.Type === 'Parallel') {
      for (const branch of state.Branches) checkStates(branch, names, variables, name)
    }
    if (state.Type === 'Map') {
      const distributed = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED'
      const extra = distributedOnly.find((field) => state[field] !== undefined)
      if (extra && !distributed) throw invalid(name, extra, 'only a Distributed Map has it')
      checkStates(state.ItemProcessor, names, distributed ? new Set() : variables, name)
    }
  }
}

const distributedOnly = [
  'ItemReader',
  'ItemBatcher',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
] as const

function checkTransitions(name: string, state: State, siblings: States['States']): void {
  if (state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail') {
    if ((state.Next === undefined) === (state.End === undefined)) {
      throw invalid(name, 'Next', 'a state has either Next or End')
    }
  }
  for (const [field, target] of targets(state)) {
    if (!(target in siblings)) throw invalid(name, field, `there is no state ${target}`)
  }
}

function targets(state: State): readonly (readonly [field: string, target: string])[] {
  const catchers = 'Catch' in state ? (state.Catch ?? []) : []
  const rules = state.Type === 'Choice' ? state.Choices : []
  return [
    ...('Next' in state && state.Next !== undefined ? [['Next', state.Next] as const] : []),
    ...('Default' in state && state.Default !== undefined ? [['Default', state.Default] as const] : []),
    ...catchers.map(({ Next }, index) => [`Catch.${index}.Next`, Next] as const),
    ...rules.map(({ Next }, index) => [`Choices.${index}.Next`, Next] as const),
  ]
}

/** The variables that a state may assign, on any of its transitions. */
function assigned(state: State): readonly string[] {
  const catchers = 'Catch' in state ? (state.Catch ?? []) : []
  const rules = state.Type === 'Choice' ? state.Choices : []
  const own = 'Assign' in state ? [state] : []
  return [...own, ...catchers, ...rules].flatMap(({ Assign }) => Object.keys(Assign ?? {}))
}

/** Whether a state of a type has a part of `$states` in a field (Step Functions guide, "Transforming data"). */
const PARTS = {
  result: (type: State['Type'], field: string) =>
    ['Task', 'Map', 'Parallel'].includes(type) && /^(Output|Assign)\b/.test(field),
  errorOutput: (_: State['Type'], field: string) => field.startsWith('Catch.'),
}

/** Inner states are checked under their own names. */
function checkExpressions(name: string, field: string, value: unknown, type: State['Type']): void {
  if (typeof value === 'string') {
    const source = expressionIn(value)
    if (source === undefined) return
    try {
      compile(source)
    } catch (cause) {
      throw invalid(name, field, (cause as { message: string }).message, cause)
    }
    // To JSONata it would be undefined: a condition could take it for false.
    for (const [part, isThere] of Object.entries(PARTS))
      if (new RegExp(`\\$states\\.${part}\\b`).test(source) && !isThere(type, field))
        throw invalid(name, field, `there is no $states.${part} here`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      if (key !== 'States') checkExpressions(name, field ? `${field}.${key}` : key, part, type)
    }
  }
}
