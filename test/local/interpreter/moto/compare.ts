import { pipelines } from '../../../../functions/index.ts'
import { MACHINE_NAME, onAws } from '../../../../infra/machines/on-aws.ts'
import type { StateMachine } from '../../../../pipelines/asl.ts'
import { BUCKET, startMoto } from './moto.ts'
import { INPUT, MANIFEST, type Scenario, scenarios } from './scenarios.ts'
import { arnOf, comparable, type Reply, repliesOf, resolved, runLocally, type Step } from './scripted.ts'

/** A scenario, and what each interpreter did in it. */
export interface Compared {
  readonly scenario: string
  readonly here: readonly Step[]
  readonly moto: readonly Step[]
}

/** What a machine is called when it is deployed in one way or the other. */
const nameOf = (pipeline: string, machine: string, onDemandAfter: number | undefined): string =>
  `${pipeline}-${machine}-${onDemandAfter ?? 'spot'}`

/** All machines of a pipeline as they are deployed, by ARN. */
function machinesOf({
  pipeline,
  onDemandAfter,
}: Pick<Scenario, 'pipeline' | 'onDemandAfter'>): ReadonlyMap<string, StateMachine> {
  const { machines } = pipelines.of(pipeline).definition
  const arns = new Map(
    Object.keys(machines).map((machine) => [machine, arnOf(nameOf(pipeline, machine, onDemandAfter))]),
  )
  return new Map(
    Object.entries(machines).map(([machine, definition]) => {
      const names = new Map(arns)
        .set('Bucket', BUCKET)
        .set(MACHINE_NAME, nameOf(pipeline, machine, onDemandAfter))
      return [arns.get(machine)!, resolved(onAws(definition, { onDemandAfter }), names)]
    }),
  )
}

const jobsOf = (pipeline: string) => Object.keys(pipelines.of(pipeline).definition.jobs)

/** The states of all machines of all pipelines in both ways, as `<machine> <state>`. */
export function allStates(): ReadonlySet<string> {
  const statesOf = ({ States }: Pick<StateMachine, 'States'>): readonly string[] =>
    Object.entries(States).flatMap(([name, state]) =>
      state.Type === 'Map' ? [name, ...statesOf(state.ItemProcessor)] : [name],
    )
  const ways = scenarios(jobsOf).map(({ pipeline, onDemandAfter }) => ({ pipeline, onDemandAfter }))
  return new Set(ways.flatMap((way) => [...machinesOf(way).values()].flatMap(statesOf)))
}

/** Executes all scenarios with both. */
export async function compareAll(folder: string): Promise<readonly Compared[]> {
  let replyTo: (name: string) => Reply
  const scripted = async (name: string) => replyTo(name)
  const moto = await startMoto(folder, { invoke: scripted, submit: scripted })
  try {
    await moto.put('manifest', MANIFEST.map((item) => `${JSON.stringify(item)}\n`).join(''))
    const defined = new Set<string>()
    const compared: Compared[] = []
    for (const { pipeline, machine, says, onDemandAfter, script } of scenarios(jobsOf)) {
      const machines = machinesOf({ pipeline, onDemandAfter })
      for (const [arn, definition] of machines) {
        if (!defined.has(arn)) await moto.define(arn, definition)
        defined.add(arn)
      }
      const arn = arnOf(nameOf(pipeline, machine, onDemandAfter))
      const here = await runLocally(machines, arn, INPUT, script, MANIFEST)
      replyTo = repliesOf(script)
      const there = await moto.execute(arn, INPUT)
      compared.push({
        scenario: `${arn.split(':').at(-1)}: ${says}`,
        here: comparable(here, 0),
        moto: comparable(there, Date.now()),
      })
    }
    return compared
  } finally {
    await moto.stop()
  }
}
