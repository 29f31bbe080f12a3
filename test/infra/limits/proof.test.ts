import { describe, expect, it } from 'vitest'
import { holds, show } from '../../../infra/limits/limits.ts'
import { claimsOf } from '../../../infra/limits/proof.ts'
import { type SearchSize, searchSizeSchema, sizeOf } from '../../../infra/limits/size.ts'
import { PIPELINES } from '../../../infra/machines/pipelines.ts'
import type { StateMachine } from '../../../pipelines/asl.ts'
import { aConfig } from '../../nas/pipelines/dpc/example.ts'

/** Of the paper (DPC section 4.2): 28,000 cells on 370 GPUs, the best 50 trained in full. */
const paper: SearchSize = { trials: 28_000, perRound: 370, trialsPerJob: 1, concurrency: 370, contenders: 50 }

const broken = (machine: StateMachine, size: SearchSize) =>
  claimsOf('dpc', machine, size).filter((claim) => !holds(claim))

describe('the proof of limits', () => {
  it('holds for the search of the paper, in every machine', () => {
    for (const machine of Object.values(PIPELINES)) expect(broken(machine, paper)).toEqual([])
  })

  it('counts the events of that search as one does by hand', () => {
    // 28,000 / 370 = 75.7: 76 rounds. In each, Propose and Aggregate (entered, exited, and 3 events for each of 9 attempts),
    // HasWork and Enough (2 each), and TrainRound (6): 2 x 29 + 2 x 2 + 6 = 68.
    const [events] = claimsOf('dpc', PIPELINES.dpc, paper)
    expect(events!.arithmetic).toContain('76 rounds x 68')
    expect(events!.size).toBe(2 + once() + 76 * 68)
  })

  // Start 2, three choices 2 each less the two of the loop, Prepare, Decode and the two Settle 29 each, two jobs and Rerank
  // (entered, exited, 4 for each of 9 attempts) 38 each, Failed 2.
  const once = () => 2 + 2 * 2 + 4 * 29 + 3 * 38 + 2

  it('holds for what a deployment proves by default', () => {
    const size = searchSizeSchema.parse({})
    for (const machine of Object.values(PIPELINES)) expect(broken(machine, size)).toEqual([])
  })

  it.each([
    ['rounds so small that the history overflows', { perRound: 16 }, 'events of dpc', '1,750 rounds x 68'],
    [
      'jobs with so many trials that they cannot be submitted',
      { trialsPerJob: 300 },
      'overrides',
      '300 trials',
    ],
    ['more children at once than a map may have', { concurrency: 20_000 }, 'children', '20,000 of 10,000'],
    [
      'a round of so many jobs that the outputs of the map overflow',
      { perRound: 100_000 },
      'largest payload',
      '100,000 jobs x (2 + 1)',
    ],
  ])('fails, with the arithmetic, for %s', (_, excess, what, arithmetic) => {
    const failures = broken(PIPELINES.dpc, { ...paper, ...excess }).map(show)
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toContain(what)
    expect(failures.join()).toContain(arithmetic)
  })

  it('fails for a map whose children hand on what they were given', () => {
    const machine = JSON.parse(
      JSON.stringify(PIPELINES.dpc).replaceAll('"Output":{}', '"Output":"{% $states.input %}"'),
    ) as StateMachine
    expect(broken(machine, paper).map(show).join()).toContain('outputs of a map')
  })

  it('takes the size of a run from its configuration', () => {
    const config = aConfig(
      'budget.trials=28000',
      'search.perRound=370',
      'rerank.top=50',
      'rerank.seeds=[0, 1]',
    )
    expect(sizeOf(config, 0)).toMatchObject({ trials: 28_000, perRound: 370, contenders: (50 + 1 + 1) * 2 })
    expect(sizeOf(aConfig('budget={gpuHours: 5}'), 77).trials).toBe(77)
  })
})
