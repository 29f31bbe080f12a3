import { simulate } from '../../../local/simulator/simulate.ts'
import { mutants } from './mutants.ts'

/* For each defect, the first seed that finds it: `tsx test/local/simulator/find-mutants.ts [most seeds]`. */

const most = Number(process.argv[2] ?? 200)

for (const { defect, product, breaks } of mutants) {
  let seed = 0
  let found: string | undefined
  while (found === undefined && seed < most) {
    const { violations } = await simulate('dpc', seed, { product })
    found = violations.find((line) => breaks.test(line))
    if (found === undefined) seed++
  }
  if (found === undefined) process.exitCode = 1
  console.log(found === undefined ? `NOT FOUND in ${most} seeds: ${defect}` : `seed ${seed}: ${defect}`)
  if (found !== undefined) console.log(`  ${found.slice(0, 160)}`)
}
