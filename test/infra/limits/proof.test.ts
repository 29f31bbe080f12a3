import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANSWER_BYTES } from '../../../functions/answer.ts'
import { pipelines } from '../../../functions/index.ts'
import { holds, show } from '../../../infra/limits/limits.ts'
import { claimsOf } from '../../../infra/limits/proof.ts'
import { tooLarge } from '../../../infra/limits/size.ts'
import { widestPayload } from '../../../infra/limits/widest.ts'
import { type SearchSize, searchSizeSchema } from '../../../nas/runs/search-size.ts'
import type { StateMachine } from '../../../pipelines/asl.ts'
import { search } from '../../../pipelines/dpc/search.ts'

/** Of the paper (DPC section 4.2): 28,000 cells on 370 GPUs, the best 50 trained in full. */
const paper: SearchSize = { trials: 28_000, perRound: 370, trialsPerJob: 1, concurrency: 370, contenders: 50 }

const machines = pipelines.all().flatMap(([, { definition }]) => Object.values(definition.machines))

const broken = (machine: StateMachine, size: SearchSize) =>
  claimsOf('dpc', machine, size).filter((claim) => !holds(claim))

describe('the proof of limits', () => {
  it('holds for the search of the paper, in every machine', () => {
    for (const machine of machines) expect(broken(machine, paper)).toEqual([])
  })

  it('counts the events of that search as one does by hand', () => {
    // 28,000 / 370 = 75.7: 76 rounds. In each, Propose and Aggregate (entered, exited, and 3 events for each of 9 attempts),
    // HasWork and Enough (2 each), and TrainRound (6): 2 x 29 + 2 x 2 + 6 = 68.
    const [events] = claimsOf('dpc', search, paper)
    expect(events!.arithmetic).toContain('76 rounds x 68')
    expect(events!.size).toBe(2 + once() + 76 * 68)
  })

  // Start 2, three choices 2 each less the two of the loop, Prepare, Decode and the two Finalize 29 each, two jobs and Rerank
  // (entered, exited, 4 for each of 9 attempts) 38 each, Failed 2.
  const once = () => 2 + 2 * 2 + 4 * 29 + 3 * 38 + 2

  it('holds for what a deployment proves by default', () => {
    const size = searchSizeSchema.parse({})
    for (const machine of machines) expect(broken(machine, size)).toEqual([])
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
    const failures = broken(search, { ...paper, ...excess }).map(show)
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toContain(what)
    expect(failures.join()).toContain(arithmetic)
  })

  it('fails for a map whose children hand on what they were given', () => {
    const machine = JSON.parse(
      JSON.stringify(search).replaceAll('"Output":{}', '"Output":"{% $states.input %}"'),
    ) as StateMachine
    expect(broken(machine, paper).map(show).join()).toContain('outputs of a map')
  })

  it('counts an answer of a function, and a failure of a job with all its trials', () => {
    const shard = {
      run: 'r',
      trials: Array.from({ length: 4 }, () => 'f'.repeat(32)),
      cause: '"'.repeat(1000),
    }
    const widest = widestPayload({ ...paper, trialsPerJob: 4 })
    expect(widest).toBeGreaterThan(ANSWER_BYTES + JSON.stringify(shard).length)
  })

  it('holds for every search that is not too large for one for which it holds', () => {
    const size = fc.record({
      trials: fc.integer({ min: 1, max: 50_000 }),
      perRound: fc.integer({ min: 1, max: 500 }),
      trialsPerJob: fc.integer({ min: 1, max: 20 }),
      concurrency: fc.integer({ min: 1, max: 500 }),
      contenders: fc.integer({ min: 1, max: 500 }),
    })
    fc.assert(
      fc.property(size, size, (one, other) => {
        fc.pre(tooLarge(one, other) === undefined)
        const proven = claimsOf('dpc', search, other)
        for (const [i, claim] of claimsOf('dpc', search, one).entries())
          expect(claim.size, claim.what).toBeLessThanOrEqual(proven[i]!.size)
      }),
      { numRuns: 50 },
    )
  })
})
