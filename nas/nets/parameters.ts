import type { GraphBuilder } from '../graph/builder.ts'
import type { Parameter, ParameterRole, Value } from '../graph/graph.ts'

/**
 * How the channels along each axis of a parameter are grouped: lengths of heads, or of the levels of a pyramid. A narrower network
 * has the first of each group. Undefined for an axis of one group.
 */
export type AxisGroups = readonly (readonly number[] | undefined)[]

export type Declared = Omit<Parameter, 'name'>

/** Where layers have their parameters from; `name` is that in the current scope of the graph. */
export type Declare = (graph: GraphBuilder, name: string, declared: Declared, groups?: AxisGroups) => Value

/** A network with parameters of its own. */
const own: Declare = (graph, name, declared) => graph.parameter(name, declared)

export interface ParameterContext {
  readonly graph: GraphBuilder
  /** The graph's own parameters by default; a sub-network of an elastic supernet has slices of shared ones. */
  readonly declare?: Declare
}

export const parameterIn = (
  { graph, declare = own }: ParameterContext,
  name: string,
  declared: Declared,
  groups?: AxisGroups,
): Value => declare(graph, name, declared, groups)

interface PerChannel {
  readonly shape: readonly number[]
  /** At the start. */
  readonly value: number
  readonly role?: ParameterRole
  readonly groups?: readonly number[] | undefined
}

/** One number for each channel: a scale, a shift, a statistic. */
export const perChannel = (
  context: ParameterContext,
  name: string,
  { shape, value, role = 'norm', groups }: PerChannel,
): Value =>
  parameterIn(context, name, { dtype: 'float32', shape, role, initialiser: { kind: 'constant', value } }, [
    groups,
  ])
