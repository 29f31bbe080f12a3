import { simulate } from '../../../local/simulator/simulate.ts'
import { mutants } from './mutants.ts'

/* For each defect, the first seeds that find it: `tsx test/local/simulator/find-mutants.ts [seeds]`. */

const most = Number(process.argv[2] ?? 200)

for (const { defect, product } of mutants) {
  let seed = 0
  let found: string | undefined
  for (; seed < most && found === undefined; seed++) {
    found = (await simulate(seed, undefined, product)).violations[0]
  }
  console.log(
    found === undefined
      ? `NOT FOUND in ${most}: ${defect}`
      : `${String(seed - 1).padStart(4)}  ${defect}\n      ${found.slice(0, 160)}`,
  )
}
