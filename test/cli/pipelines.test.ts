import { describe, expect, test } from 'vitest'
import { pipelines } from '../../cli/pipelines/index.ts'
import { pipelines as ofFunctions } from '../../functions/index.ts'
import { contracts } from '../../nas/pipelines/index.ts'
import { classification } from '../../nas/tasks/classification.ts'
import type { StateMachine } from '../../pipelines/asl.ts'

/* What no type says of a record: that its words are those of the pipeline's contract and definition. */

const names = contracts.all().map(([name]) => name)

test('every pipeline has a record', () => {
  expect(pipelines.all().map(([name]) => name)).toEqual(names)
})

/** Names, those of the states of its maps included. */
const statesOf = ({ States }: Pick<StateMachine, 'States'>): readonly string[] =>
  Object.entries(States).flatMap(([name, state]) => [
    name,
    ...(state.Type === 'Map' ? statesOf(state.ItemProcessor) : []),
  ])

describe.each(names)('the record of %s', (name) => {
  const { phases, phaseByState, rerank, count } = pipelines.of(name)
  const { machines } = ofFunctions.of(name).definition
  const states = Object.values(machines).flatMap(statesOf)

  test('has a phase for each kind of job, or what a run has cost by phase is not all of it', () => {
    expect(phases.map(({ job }) => job)).toEqual(contracts.of(name).jobs)
    expect(new Set(phases.map((phase) => phase.name)).size).toBe(phases.length)
  })

  test('knows where each phase begins', () => {
    expect(Object.values(phaseByState)).toEqual(phases)
    expect(states).toEqual(expect.arrayContaining(Object.keys(phaseByState)))
  })

  test('calls the scores of trials what their task does', () => {
    const { score } = contracts.of(name).task
    // Whatever a pipeline searches for may be pretrained on classes.
    for (const phase of phases) expect([null, score, classification.score]).toContain(phase.score)
  })

  test('re-ranks with a machine of the pipeline, or not at all', () => {
    if (rerank !== null) expect(Object.keys(machines)).toContain(rerank.machine)
  })

  test('shares no name of a network or a space with another pipeline', () => {
    const others = pipelines.all().filter(([other]) => other !== name)
    const taken = others.flatMap(([, other]) =>
      Object.keys({ ...other.count.networks, ...other.count.spaces }),
    )
    for (const mine of Object.keys({ ...count.networks, ...count.spaces })) expect(taken).not.toContain(mine)
  })
})
