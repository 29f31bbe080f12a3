import type { MapState, State, States, TaskState } from '../../pipelines/asl.ts'

/** Every state of a definition with its name, those inside of maps and branches included. */
function statesOf({ States }: Pick<States, 'States'>): readonly (readonly [string, State])[] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.Type === 'Map' ? statesOf(state.ItemProcessor) : []),
    ...(state.Type === 'Parallel' ? state.Branches.flatMap(statesOf) : []),
  ])
}

export const tasksOf = (machine: Pick<States, 'States'>): readonly (readonly [string, TaskState])[] =>
  statesOf(machine).filter((entry): entry is readonly [string, TaskState] => entry[1].Type === 'Task')

export const mapsOf = (machine: Pick<States, 'States'>): readonly (readonly [string, MapState])[] =>
  statesOf(machine).filter((entry): entry is readonly [string, MapState] => entry[1].Type === 'Map')
