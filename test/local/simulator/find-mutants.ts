import { simulatedPipelines } from '../../../local/simulator/pipelines/index.ts'
import { simulate } from '../../../local/simulator/simulate.ts'
import { mutantsOf } from './mutants/index.ts'
import { simulatorOf } from './mutants/mutant.ts'

/* For each defect, a seed that finds it, and at which the product without it is sound: the recorded one, else the first:
 `tsx test/local/simulator/find-mutants.ts [most seeds [pipeline [pattern of defects]]]`. */

const most = Number(process.argv[2] ?? 200)
const names =
  process.argv[3] === undefined ? simulatedPipelines.all().map(([name]) => name) : [process.argv[3]]

const only = new RegExp(process.argv[4] ?? '')
for (const mutant of names.flatMap(mutantsOf).filter(({ defect }) => only.test(defect))) {
  const { pipeline, defect, breaks, odds } = mutant
  const simulateMutant = await simulatorOf(mutant)
  /** What finds the defect at a seed, if anything does. */
  async function findAt(seed: number): Promise<string | undefined> {
    const { violations } = await simulateMutant(pipeline, seed)
    const found = violations.find((line) => breaks.test(line))
    if (found === undefined) return undefined
    return (await simulate(pipeline, seed, { odds })).violations.length > 0 ? undefined : found
  }
  const seeds = [mutant.seed, ...Array(most).keys()]
  let found: string | undefined
  let tried = 0
  while (found === undefined && tried < seeds.length) found = await findAt(seeds[tried++]!)
  if (found === undefined) process.exitCode = 1
  const where = found === undefined ? `NOT FOUND in ${most} seeds` : `seed ${seeds[tried - 1]}`
  console.log(`${pipeline}, ${where}: ${defect}`)
  if (found !== undefined) console.log(`  ${found.slice(0, 160)}`)
}
